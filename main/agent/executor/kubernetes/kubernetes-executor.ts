import type { Http } from '../../hub/http.ts';
import type { JobFile, JobRequest } from '../../job/job-request.ts';
import { decodeVariables, type JobVariable } from '../../job/variables.ts';
import type { Clock } from '../../platform/clock.ts';
import { exportLines } from '../../session/export-lines.ts';
import { JobShell } from '../../session/job-shell.ts';
import { ContainerExecutor, type ContainerExecutorOptions } from '../container-executor.ts';
import type { StepOutcome, StopRung } from '../executor.ts';
import { ClusterClient } from './cluster-client.ts';
import { CLUSTER_ADVICE, findCluster } from './cluster-config.ts';
import { JobThings, marksFor, tidyCluster } from './cluster-things.ts';
import { createResources } from './create-resources.ts';
import { injectedPath, podName } from './pod-objects.ts';
import type { PodSettings } from './pod-settings.ts';
import { PodShell } from './pod-shell.ts';
import { waitForPod } from './pod-wait.ts';

type AgentVariables = Parameters<typeof decodeVariables>[1];

export interface KubernetesExecutorOptions extends ContainerExecutorOptions {
  readonly request: JobRequest;
  readonly settings: PodSettings;
  /** Those of the agent's own configuration; they go over the request's. */
  readonly agentVariables: AgentVariables;
  readonly clock: Clock;
  readonly http: Http;
  /** Says where the cluster is. */
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
}

/** Runs a job in a pod of its own, over the Kubernetes API. */
export class KubernetesExecutor extends ContainerExecutor {
  protected readonly shell: JobShell;
  private place: PodShell | undefined;
  private things: JobThings | undefined;

  constructor(private readonly options: KubernetesExecutorOptions) {
    super(options);
    const { log, clock, random } = options;
    const place = () => {
      if (!this.place) throw new Error('there is no pod');
      return this.place;
    };
    this.shell = new JobShell({
      log,
      clock,
      random,
      place: {
        // The pod's specification says where.
        beginsAtHome: false,
        open: async (shell) => place().open(shell),
        placeFile: async (name, content) => place().placeFile(name, content),
        explainLoss: () => place().explainLoss(),
      },
    });
  }

  /** Everything is made with the session: until then nothing of the job is in the cluster. */
  async prepare(): Promise<StepOutcome> {
    return { ok: true };
  }

  async start(): Promise<StepOutcome> {
    const { env, home, clock, claims, agentLog, log } = this.options;
    log.commandStarted('Creating Kubernetes resources for job...');
    const cluster = await findCluster(env, home);
    if (typeof cluster === 'string') return this.failed(`No Kubernetes cluster: ${cluster}; ${CLUSTER_ADVICE}`);
    const client = new ClusterClient(cluster, clock);
    await tidyCluster(client.until(this.stopping.signal), { clock, claims, log: agentLog });
    const problem = await this.createAll(client);
    if (problem !== undefined) return this.failed(problem);
    log.commandFinished(0);
    return this.startSession(client);
  }

  /** In the order of the request, as the reference agent's log has them; the agent's own behind them. */
  override exportVariables(variables: readonly JobVariable[]): Promise<number> {
    return super.exportVariables(this.inOrder(variables));
  }

  /** What the request brought is in the secret. */
  protected async placeFile(file: JobFile, content: Uint8Array): Promise<string> {
    const isInSecret = this.options.request.files.some(
      ({ path, content: same }) => path === file.path && same === file.content,
    );
    if (isInSecret) return injectedPath(file);
    if (!this.place) throw new Error('there is no pod');
    return this.place.placeFile('file', content);
  }

  protected async endProcesses(): Promise<StopRung> {
    return (await this.place?.endProcesses()) ?? 'nothing-left';
  }

  protected async remove(): Promise<string | undefined> {
    this.place?.close();
    const problem = await this.things?.remove();
    this.things = undefined;
    return problem && `Something of the job is left in the cluster: ${problem}`;
  }

  private async createAll(client: ClusterClient): Promise<string | undefined> {
    const { request, settings, claims, clock, http, hurry } = this.options;
    this.things = new JobThings(client, clock, claims);
    const script = this.script();
    const problem = await createResources({
      client,
      things: this.things,
      request,
      settings,
      script,
      marks: marksFor(settings.labels, claims.claim(this.name, request.job_id)),
      http,
      signal: this.stopping.signal,
    });
    const { job_id: jobId } = request;
    const shell = () => this.shell;
    const place = { client, clock, pod: podName(jobId), folderName: `.${this.name}` };
    this.place = new PodShell({ ...place, script, shell, hurry, stopping: this.stopping.signal });
    return problem;
  }

  private async startSession(client: ClusterClient): Promise<StepOutcome> {
    const { request, log, clock, settings } = this.options;
    log.commandStarted('Starting shell session...');
    const problem = await waitForPod({
      client,
      clock,
      name: podName(request.job_id),
      limitMs: settings.startLimitMs,
      signal: this.stopping.signal,
      onChange: (line) => log.line(`${line}\n`),
    });
    if (problem !== undefined) return this.failed(`Failed to create pod: ${problem}`);
    log.line('Pod is ready.\n');
    log.line('Starting a new bash session in the pod...\n');
    const started = await this.shell.start();
    if (!started.ok) return this.failed(`Failed to start the shell session: ${started.reason}`);
    log.line('Shell session is ready.\n');
    const [user, identity, folder] = await this.whoAndWhere();
    log.line(`User: ${user}\n`);
    log.line(`User identity: ${identity}\n`);
    log.line(`Working directory: ${folder}\n`);
    log.commandFinished(0);
    return { ok: true };
  }

  private async whoAndWhere(): Promise<readonly string[]> {
    const lines = await this.shell.readOutput(
      'whoami 2>/dev/null || echo unknown; id 2>/dev/null || echo unknown; pwd',
    );
    return lines.split('\n');
  }

  private failed(reason: string): StepOutcome {
    const { log } = this.options;
    log.line(`${reason}\n`);
    log.commandFinished(1);
    return { ok: false, reason };
  }

  /** As `exportVariables` will be asked for them: what the secret has need not be sent a second time. */
  private script(): Uint8Array {
    const decoded = decodeVariables(this.options.request.env_vars, this.options.agentVariables);
    const variables = decoded.ok ? this.inOrder(decoded.variables) : [];
    return exportLines(variables.map(({ name, value }) => [name, value] as const));
  }

  private inOrder(variables: readonly JobVariable[]): readonly JobVariable[] {
    const places = new Map(this.options.request.env_vars.map(({ name }, index) => [name, index]));
    const place = ({ name }: JobVariable) => places.get(name) ?? Number.POSITIVE_INFINITY;
    return [...variables].sort((one, other) => (place(one) === place(other) ? 0 : place(one) - place(other)));
  }
}
