import { homedir, platform, tmpdir } from 'node:os';
import type { Http } from '../hub/http.ts';
import type { ChooseExecutor } from '../job/job-processor.ts';
import type { JobRequest } from '../job/job-request.ts';
import { type Metrics, NO_METRICS } from '../metrics/metrics.ts';
import type { Clock } from '../platform/clock.ts';
import type { Processes } from '../platform/processes.ts';
import type { Random } from '../platform/random.ts';
import { DockerExecutor } from './docker/docker-executor.ts';
import type { EngineClaims } from './docker/engine-claims.ts';
import { KubernetesExecutor } from './kubernetes/kubernetes-executor.ts';
import type { PodSettings } from './kubernetes/pod-settings.ts';
import { createOpenJobScope } from './shell/job-scope.ts';
import { ShellExecutor } from './shell/shell-executor.ts';
import { WindowsExecutor } from './windows/windows-executor.ts';

export interface ExecutorSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
  readonly http: Http;
  readonly metrics?: Metrics;
  readonly agentLog: { warn(message: string): void };
  readonly claims: EngineClaims;
  /** Given: every job runs in a pod. */
  readonly pods: PodSettings | undefined;
  /** Of the agent's own configuration; a cluster wants them before the job's first step. */
  readonly agentVariables: readonly { readonly name: string; readonly value: string }[];
  /** Told of every job that wants a container engine whether there is one: undefined, or why there is none. */
  readonly onEngine: (problem: string | undefined) => void;
  readonly containers: {
    /** `host:container`. */
    readonly files: readonly string[];
    readonly failOnMissingFiles: boolean;
    readonly mountEngineSocket: boolean;
    /** Give them /dev/kvm, where that is. */
    readonly exposeKvm: boolean;
  };
  /** True for a job that must not reach this machine itself: no shell, no set-up commands, no engine's socket. */
  readonly isContained: (request: JobRequest) => boolean;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry?: AbortSignal;
}

/** Which executor runs a request: what the agent's owner says goes over what the request says. */
export function createChooseExecutor(settings: ExecutorSettings): ChooseExecutor {
  const { clock, random, processes, env, http, agentLog, claims, onEngine, hurry, metrics = NO_METRICS } = settings;
  const openScope = createOpenJobScope({ clock, env });
  const options = { clock, random, processes, openScope, env, home: homedir(), tempFolder: tmpdir(), hurry };
  return (request) => {
    const { executor } = request;
    const { pods, agentVariables } = settings;
    if (pods) {
      const inPod = { ...options, http, agentLog, claims, request, settings: pods, agentVariables };
      return (log) => new KubernetesExecutor({ ...inPod, log });
    }
    if (executor === 'dockercompose') {
      const rules = { ...settings.containers, mayUseHost: !settings.isContained(request) };
      const docker = { ...options, http, metrics, agentLog, claims, onEngine, request, settings: rules };
      return (log) => new DockerExecutor({ ...docker, log });
    }
    if (executor !== 'shell' && executor !== '') return `the executor ${JSON.stringify(executor)} is unknown`;
    if (settings.isContained(request)) return 'shell jobs are refused here (shell-jobs)';
    if (platform() === 'win32') return (log) => new WindowsExecutor({ ...options, log });
    return (log) => new ShellExecutor({ ...options, log });
  };
}
