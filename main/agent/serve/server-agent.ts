import type { Server } from 'node:https';
import { homedir, tmpdir } from 'node:os';
import type { OptionValues } from '../../../shared/options/index.ts';
import { createChooseExecutor, type ExecutorSettings } from '../executor/choose-executor.ts';
import { EngineClaims } from '../executor/docker/engine-claims.ts';
import { tidyAbandoned } from '../executor/shell/abandoned.ts';
import { createHttp } from '../hub/undici-http.ts';
import { jobAboutOf } from '../job/job-about.ts';
import { isContained, type JobPolicy, jobPolicyOf } from '../job/job-policy.ts';
import { type ChooseExecutor, JobProcessor, type OpenJobLog } from '../job/job-processor.ts';
import type { JobRequest } from '../job/job-request.ts';
import { secretsOf } from '../job/job-secrets.ts';
import { createOpenLog, type LogSettings } from '../job/open-log.ts';
import { temporaryFolders } from '../log/history/job-folders.ts';
import { Tails } from '../log/tails.ts';
import { statsdOf } from '../metrics/statsd.ts';
import type { AgentLog } from '../platform/agent-log.ts';
import { systemClock } from '../platform/clock.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { createPrivateFolder } from '../platform/private-folder.ts';
import { systemRandom } from '../platform/random.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { VERSION } from '../version.ts';
import { DebugAccess } from './debug-access.ts';
import { createJobServer } from './job-server.ts';
import { ServedJob } from './served-job.ts';
import { ServedLog } from './served-log.ts';
import { uploadConditionOf } from './upload-condition.ts';

/** Semaphore's own tools look for it there, whatever the temp folder is. */
const JUMP_POINT = '/tmp/ssh_jump_point';
/** Only a hub can renew the token of a log that is pushed; the reference agent refuses such a job here as well. */
const NO_HUB = 'its log is to be pushed, which an agent without a hub does not do';

const clock = systemClock;
const processes = systemProcesses;
const tempFolder = tmpdir();

const aboutOf = (request: JobRequest) => jobAboutOf(request, { kubernetes: false });

export interface ServerAgentOptions {
  readonly values: OptionValues;
  readonly tls: { readonly cert: string; readonly key: string };
  readonly log: AgentLog;
}

/** The agent behind `serve`, put together. */
export interface ServerAgent {
  readonly server: Server;
  /** Ends what an earlier agent left behind. Before it listens. */
  tidy(): Promise<void>;
  /** Stops the job, lets it be reported as far as somebody listens at once, and closes everything. */
  end(): Promise<void>;
}

/** Puts the parts of `serve` together; nothing listens yet. `end` must be called, whatever became of it. */
export function createServerAgent({ values, tls, log }: ServerAgentOptions): ServerAgent {
  const http = createHttp(clock, { env: process.env });
  const metrics = statsdOf(values);
  const ending = new AbortController();
  const jobLog = new ServedLog();
  const chooseExecutor = withDebugAccess(executorsOf(values, { http, metrics }, log));
  const artifacts = { when: uploadConditionOf, env: process.env, programEnv: jobEnvironment(process.env) };
  const reading = { folders: temporaryFolders(tempFolder), aboutOf, mirror: undefined, reader: jobLog };
  const settings = { http, clock, log, secretsOf: maskedIn(values), artifacts, ...reading };
  const openLog = createOpenLog({ ...settings, tails: new Tails(clock) });
  const session = { refreshToken: () => Promise.reject(new Error('there is no hub to ask')), accessToken: '' };
  const start = (request: JobRequest, opened: OpenJobLog) =>
    new JobProcessor({
      http,
      clock,
      log,
      openLog: () => Promise.resolve(opened),
      chooseExecutor,
      hooks: hooksOf(values),
      policy: policyOf(values),
      agentVariables: [],
      metrics,
      patience: { tries: values['callback-retry-attempts'], signal: ending.signal },
    }).start(
      {
        jobId: request.job_id,
        fetch: () => Promise.resolve({ ok: true, request }),
        session: () => session,
      },
      () => log.info(`Job ${request.job_id} is running`),
    );
  const job = new ServedJob({
    chooseExecutor,
    openLog: async (request) => (request.logger.method === 'push' ? NO_HUB : openLog(request, session)),
    start,
  });
  const agent = { version: VERSION, job, jobLog, agentLogPath: log.path };
  const secret = new TextEncoder().encode(values['auth-token-secret']);
  const server = createJobServer({ agent, tls, secret, clock, log });
  return {
    server,
    tidy: () => tidyAbandoned({ tempFolder, processes, clock, log }),
    async end() {
      server.close();
      ending.abort();
      jobLog.wasFetched();
      await job.end();
      server.closeAllConnections();
      await http.close();
      metrics.close();
    },
  };
}

function policyOf(values: OptionValues): JobPolicy {
  return { ...jobPolicyOf(values), kubernetes: false };
}

function executorsOf(
  values: OptionValues,
  parts: Pick<ExecutorSettings, 'http' | 'metrics'>,
  log: AgentLog,
): ChooseExecutor {
  return createChooseExecutor({
    clock,
    random: systemRandom,
    processes,
    ...parts,
    env: jobEnvironment(process.env),
    agentLog: log,
    claims: new EngineClaims(processes, 'signalbox serve'),
    onEngine: () => undefined,
    pods: undefined,
    agentVariables: [],
    isContained: (request) => isContained(request, policyOf(values)),
    containers: {
      files: values.files,
      failOnMissingFiles: false,
      mountEngineSocket: values['mount-engine-socket'],
      exposeKvm: values['expose-kvm-device'],
    },
  });
}

/** What the log of the job must not show, where the agent's owner wants that. */
function maskedIn(values: OptionValues): LogSettings['secretsOf'] {
  const tokens = [values['auth-token-secret']];
  return (request) => (values['mask-secrets'] ? secretsOf(request, { variables: [], tokens }) : undefined);
}

function withDebugAccess(chooseExecutor: ChooseExecutor): ChooseExecutor {
  return (request) => {
    const chosen = chooseExecutor(request);
    if (typeof chosen === 'string') return chosen;
    const place = { home: homedir(), jumpPoint: JUMP_POINT, createFolder: () => createPrivateFolder(tempFolder) };
    return (log) => new DebugAccess({ executor: chosen(log), request, ...place });
  };
}

/** Always sourced, and its failure is the job's: so it is on machines of Semaphore's. */
function hooksOf(values: OptionValues) {
  const preJobHookPath = values['pre-job-hook-path'];
  return { preJobHookPath, postJobHookPath: '', failOnPreJobHookError: true, sourcePreJobHook: true };
}
