import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterOptions, StandInCluster } from '../../../practice/cluster/api-server.ts';
import type { Certificates } from '../../../practice/cluster/certificates.ts';
import { type OpenCluster, openCluster } from '../../../practice/cluster/open-cluster.ts';
import { createHttp } from '../../hub/undici-http.ts';
import { parseJobRequest } from '../../job/job-request.ts';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import type { JobLog } from '../../log/job-log.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { systemRandom } from '../../platform/random.ts';
import { systemProcesses } from '../../platform/system-processes.ts';
import { EngineClaims } from '../docker/engine-claims.ts';
import { KubernetesExecutor } from './kubernetes-executor.ts';
import type { PodSettings } from './pod-settings.ts';

export interface StagedJob {
  /** Else the stage's own. */
  readonly log?: JobLog;
  readonly hurry?: AbortSignal;
  /** As a job request has it; one good container and an id unless told. */
  readonly request?: Readonly<Record<string, unknown>>;
  readonly settings?: Partial<PodSettings>;
  readonly agentVariables?: readonly { readonly name: string; readonly value: string }[];
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
  readonly claims?: EngineClaims;
}

const DEFAULTS: PodSettings = { podSpec: '', defaultImage: '', allowedImages: [], labels: {}, startLimitMs: 300_000 };
const CONTAINER = { name: 'main', image: 'conformance-base:1' };

/** Everything around a Kubernetes executor in a test: a cluster that is none but behaves like one, and a kubeconfig for it. */
export class PodStage {
  readonly claims = new EngineClaims(systemProcesses, 'test-agent');
  /** Of its jobs. */
  readonly log = new FakeJobLog();
  readonly warnings: string[] = [];
  private readonly http = createHttp(systemClock, { env: {} });
  private jobs = 0;

  private constructor(
    readonly home: string,
    private readonly opened: OpenCluster,
  ) {}

  get cluster(): StandInCluster {
    return this.opened.cluster;
  }
  get certificates(): Certificates {
    return this.opened.certificates;
  }

  static async open(options: Partial<ClusterOptions> = {}): Promise<PodStage> {
    const home = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
    const stage = new PodStage(home, await openCluster(home, options));
    mkdirSync(join(home, '.kube'));
    writeFileSync(join(home, '.kube', 'config'), stage.kubeconfig({ token: 'agent' }));
    return stage;
  }

  /** A kubeconfig for the cluster: its user, and what goes over its cluster. */
  kubeconfig(...parts: Parameters<OpenCluster['kubeconfig']>): string {
    return this.opened.kubeconfig(...parts);
  }

  executor({
    log = this.log,
    hurry,
    request,
    settings,
    agentVariables = [],
    clock = systemClock,
    env = {},
    claims,
  }: StagedJob) {
    this.jobs += 1;
    const parsed = parseJobRequest({ job_id: `job-${this.jobs}`, compose: { containers: [CONTAINER] }, ...request });
    if (!parsed.ok) throw new Error(parsed.problem);
    return new KubernetesExecutor({
      request: parsed.request,
      settings: { ...DEFAULTS, ...settings },
      agentVariables,
      claims: claims ?? this.claims,
      log,
      hurry,
      agentLog: { warn: (message) => void this.warnings.push(message) },
      clock,
      random: systemRandom,
      http: this.http,
      env,
      home: this.home,
    });
  }

  /** Starts a job that cannot be started. Resolves with what it says of it, nothing of it being left. */
  async refusal(job: StagedJob): Promise<string> {
    const executor = this.executor(job);
    await executor.prepare();
    if ((await executor.start()).ok) throw new Error('the job was started');
    await executor.cleanUp();
    const left = this.left();
    if (left.length > 0) throw new Error(`left in the cluster: ${left.join(', ')}`);
    const [last, end] = this.log.events.slice(-2);
    if (end !== '< 1') throw new Error(`the step ended otherwise than failed: ${end}`);
    return last ?? '';
  }

  /** Names of what is in the cluster. */
  left(namespace = 'default'): readonly string[] {
    const all = ['pods', 'secrets'].flatMap((resource) => this.cluster.objects.list(resource, namespace, () => true));
    return all.map(({ metadata }) => metadata.name);
  }

  async close(): Promise<void> {
    await this.cluster.close();
    await this.http.close();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
