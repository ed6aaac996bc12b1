import type { SnapshotJob } from '../../shared/agent-snapshot.ts';
import type { Config } from './config/config.ts';
import { nameAndValue } from './config/name-and-value.ts';
import { createChooseExecutor, type ExecutorSettings } from './executor/choose-executor.ts';
import { podSettingsOf } from './executor/kubernetes/pod-settings.ts';
import type { Http } from './hub/http.ts';
import type { HookSettings } from './job/hooks.ts';
import { jobAboutOf } from './job/job-about.ts';
import { isContained, jobPolicyOf } from './job/job-policy.ts';
import { JobProcessor } from './job/job-processor.ts';
import type { JobRequest } from './job/job-request.ts';
import { secretsOf } from './job/job-secrets.ts';
import { createOpenLog, type LogSettings } from './job/open-log.ts';
import { createMirror } from './log/mirror.ts';
import type { Tails } from './log/tails.ts';
import type { LogViews } from './log/view/log-views.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { AgentLog } from './platform/agent-log.ts';
import type { Clock } from './platform/clock.ts';
import type { Processes } from './platform/processes.ts';
import type { Random } from './platform/random.ts';

/** What an agent has that outlives its settings. */
export interface ProcessorSurroundings {
  readonly http: Http;
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: Processes;
  readonly log: AgentLog;
  readonly executors: Pick<ExecutorSettings, 'env' | 'claims' | 'agentLog' | 'onEngine'>;
  readonly folders: LogSettings['folders'];
  readonly tails: Tails;
  readonly views: LogViews | undefined;
  readonly metrics: Metrics;
  readonly onProgress: (progress: SnapshotJob) => void;
}

/** What turns jobs into results, by the settings of now. */
export function createProcessor(values: Config['values'], surroundings: ProcessorSurroundings): JobProcessor {
  const { http, clock, random, processes, log, executors, folders, tails, views, metrics, onProgress } = surroundings;
  const { env } = executors;
  return new JobProcessor({
    http,
    clock,
    log,
    openLog: createOpenLog({
      http,
      clock,
      log,
      folders,
      mirror: mirrorOf(values, log),
      tails,
      aboutOf: (request) => jobAboutOf(request, { kubernetes: values['kubernetes-executor'] }),
      secretsOf: maskedIn(values),
      artifacts: { when: () => values['upload-job-logs'], env: process.env, programEnv: env },
      views,
      metrics,
    }),
    chooseExecutor: createChooseExecutor({
      ...executors,
      http,
      clock,
      random,
      processes,
      metrics,
      ...jobRules(values),
    }),
    hooks: hookSettings(values),
    policy: jobPolicyOf(values),
    agentVariables: values['env-vars'].map(nameAndValue),
    onProgress,
    metrics,
  });
}

/** What the agent's owner lets jobs do. */
function jobRules(values: Config['values']) {
  return {
    pods: podSettingsOf(values),
    agentVariables: values['env-vars'].map(nameAndValue),
    isContained: (request: JobRequest) => isContained(request, jobPolicyOf(values)),
    containers: {
      files: values.files,
      failOnMissingFiles: values['fail-on-missing-files'],
      mountEngineSocket: values['mount-engine-socket'],
      exposeKvm: false,
    },
  };
}

function hookSettings(values: Config['values']): HookSettings {
  return {
    preJobHookPath: values['pre-job-hook-path'],
    postJobHookPath: values['post-job-hook-path'],
    failOnPreJobHookError: values['fail-on-pre-job-hook-error'],
    sourcePreJobHook: values['source-pre-job-hook'],
  };
}

function mirrorOf(values: Config['values'], log: AgentLog): ReturnType<typeof createMirror> {
  const path = values['job-log-file'];
  return createMirror(path, (code) => log.error(`job-log-file: ${path} cannot be written (${code}); jobs go on`));
}

/** What the log of a job must not show. */
function maskedIn(values: Config['values']): LogSettings['secretsOf'] {
  const variables = values['env-vars'].map(nameAndValue);
  return (request, accessToken) =>
    values['mask-secrets'] ? secretsOf(request, { variables, tokens: [values.token, accessToken] }) : undefined;
}
