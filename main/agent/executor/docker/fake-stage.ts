import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Dockerode from 'dockerode';
import type { Http } from '../../hub/http.ts';
import { createHttp } from '../../hub/undici-http.ts';
import { parseJobRequest } from '../../job/job-request.ts';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import type { JobLog } from '../../log/job-log.ts';
import { systemClock } from '../../platform/clock.ts';
import { systemRandom } from '../../platform/random.ts';
import { systemProcesses } from '../../platform/system-processes.ts';
import { type ContainerSettings, DockerExecutor } from './docker-executor.ts';
import { EngineClaims } from './engine-claims.ts';

export interface StagedJob {
  readonly log?: JobLog;
  readonly hurry?: AbortSignal;
  /** As a job request has it. */
  readonly compose: Readonly<Record<string, unknown>>;
  readonly settings?: Partial<ContainerSettings>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What is at an engine: containers, networks of somebody's own, volumes. */
export type EngineState = Readonly<Record<'containers' | 'networks' | 'volumes', readonly string[]>>;

const DEFAULTS: ContainerSettings = {
  files: [],
  failOnMissingFiles: false,
  mountEngineSocket: false,
  mayUseHost: true,
  exposeKvm: false,
};

/** Everything around a docker executor in a test: the real engine that DOCKER_HOST leads to, and a home of its own. */
export class DockerStage {
  readonly docker: Dockerode;
  readonly claims = new EngineClaims(systemProcesses, 'test-agent');
  readonly warnings: string[] = [];
  readonly agentLog = { warn: (message: string) => void this.warnings.push(message) };
  readonly home = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  private readonly http: Http = createHttp(systemClock, { env: {} });
  private readonly host: string;

  constructor() {
    this.host = process.env.DOCKER_HOST ?? '';
    if (this.host === '') throw new Error('say npm run containers: it starts an engine for these tests');
    this.docker = new Dockerode({ socketPath: this.host.replace('unix://', '') });
  }

  executor({ log = new FakeJobLog(), hurry, compose, settings, env = {} }: StagedJob): DockerExecutor {
    const parsed = parseJobRequest({ job_id: 'job-1', executor: 'dockercompose', compose });
    if (!parsed.ok) throw new Error(parsed.problem);
    const { claims, agentLog, http, home } = this;
    return new DockerExecutor({
      request: parsed.request,
      settings: { ...DEFAULTS, ...settings },
      claims,
      log,
      hurry,
      agentLog,
      onEngine: () => undefined,
      http,
      home,
      clock: systemClock,
      random: systemRandom,
      processes: systemProcesses,
      env: { PATH: process.env.PATH ?? '', DOCKER_HOST: this.host, HOME: home, ...env },
      tempFolder: home,
    });
  }

  async state(): Promise<EngineState> {
    const containers = await Promise.resolve(this.docker.listContainers({ all: true }));
    const networks = await Promise.resolve(this.docker.listNetworks());
    const volumes = await Promise.resolve(this.docker.listVolumes());
    return {
      containers: containers.map(({ Id }) => Id).sort(),
      networks: networks.map(({ Id }) => Id).sort(),
      volumes: volumes.Volumes.map(({ Name }) => Name).sort(),
    };
  }

  async close(): Promise<void> {
    await this.http.close();
    rmSync(this.home, { recursive: true });
  }
}
