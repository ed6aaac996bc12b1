import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import type { Queue } from '../../shared/contract/queue.ts';
import type { Config } from './config/config.ts';
import { createProcessor } from './create-processor.ts';
import { beginTidying } from './executor/begin-tidying.ts';
import { EngineClaims } from './executor/docker/engine-claims.ts';
import { tidyAbandoned } from './executor/shell/abandoned.ts';
import type { Http } from './hub/http.ts';
import { HubClient } from './hub/hub-client.ts';
import { queueOf } from './hub/queue.ts';
import { systemNetwork } from './hub/system-network.ts';
import { createHttp } from './hub/undici-http.ts';
import type { RegisterRequest } from './hub/wire.ts';
import { jobFromHub } from './job/fetch-job.ts';
import { openFileSessionStore } from './listener/file-session-store.ts';
import { Listener } from './listener/listener.ts';
import type { Departure } from './listener/listener-state.ts';
import { NetworkWatch } from './listener/network-watch.ts';
import type { SessionStore } from './listener/session-store.ts';
import { runShutdownHook } from './listener/shutdown-hook.ts';
import { temporaryFolders } from './log/history/job-folders.ts';
import { JobHistory } from './log/history/job-history.ts';
import type { StartThread } from './log/search/search-thread.ts';
import { Tails } from './log/tails.ts';
import { LogViews } from './log/view/log-views.ts';
import { statsdOf } from './metrics/statsd.ts';
import { outsideAddresses } from './platform/addresses.ts';
import type { AgentLog } from './platform/agent-log.ts';
import { systemClock } from './platform/clock.ts';
import { stateFolder } from './platform/folders.ts';
import { jobEnvironment } from './platform/job-environment.ts';
import { describeMachine } from './platform/machine.ts';
import { systemRandom } from './platform/random.ts';
import { systemProcesses } from './platform/system-processes.ts';
import { createSnapshotSource } from './snapshot.ts';
import { VERSION } from './version.ts';

const clock = systemClock;
const random = systemRandom;
const processes = systemProcesses;
const platform = { clock, random, processes };

export interface AgentOptions {
  readonly values: Config['values'];
  readonly log: AgentLog;
  /** The desktop's way: the agent never ends by itself. */
  readonly staysAlive: boolean;
  /** Starts the thread that searches logs for windows; absent where there are none. */
  readonly startThread?: StartThread;
  /** Where jobs are kept when they have ended; without it nothing of them is. */
  readonly history?: { readonly folder: string; readonly budgetBytes: number };
  readonly onSnapshot?: (snapshot: AgentSnapshot) => void;
  /** Where the session is kept; without one, in a file of the user's. */
  readonly store?: SessionStore;
}

/** An agent, put together. */
export interface Agent {
  readonly listener: Listener;
  /** Where a window that wants to see the running job's log comes to. */
  readonly tails: Tails;
  /** The jobs that were kept. */
  readonly history: JobHistory | undefined;
  /** Jobs and agents of this agent's type; null where the hub does not say. */
  queue(): Promise<Queue | null>;
  /** Where a window that wants to read logs comes to; undefined where there are none. */
  readonly views: LogViews | undefined;
  /** Other values for jobs from the next one on, and for the shutdown hook. What is told at register stays as it was. */
  configure(values: Config['values']): void;
  /** What a job that is stopped has left is killed from now on, without any grace. */
  hasten(): void;
  /** Runs until the agent is to go; then everything it had open is closed. Resolves with the exit code. `away`: it begins there. */
  run(away?: Departure): Promise<number>;
}

/** Puts an agent together from its configuration: the same one for the command line and for the desktop. */
export function createAgent(options: AgentOptions): Agent {
  const { log, staysAlive, onSnapshot = () => undefined } = options;
  let { values } = options;
  const env = jobEnvironment(process.env);
  const http = createHttp(clock, systemNetwork(values['ca-file']));
  const hub = hubOf(values, http);
  const store = options.store ?? sessionFile(values, log);
  const registration = registrationOf(values);
  const claims = new EngineClaims(processes, registration.name);
  const told = createSnapshotSource(values.endpoint, clock, onSnapshot);
  const hurry = new AbortController();
  const executors = { env, claims, agentLog: log, onEngine: told.onLack, hurry: hurry.signal };
  const tails = new Tails(clock);
  const metrics = statsdOf(values);
  const { history, views, folders } = logPlaces(options);
  const surroundings = {
    ...platform,
    http,
    log,
    executors,
    folders,
    tails,
    views,
    metrics,
    onProgress: told.onProgress,
  };
  let processor = createProcessor(values, surroundings);
  const listener = new Listener({
    hub,
    clock,
    random,
    log,
    registration,
    rules: { disconnectAfterJob: values['disconnect-after-job'], staysAlive },
    store,
    startJob: (jobId, accessToken, onRunning) =>
      processor.start(jobFromHub({ hub, clock, jobId, accessToken }), onRunning),
    runShutdownHook: (reason, signal) => runShutdownHook({ values, env, clock, log, signal }, reason),
    onChange: (state, name, nextAt) => {
      if (staysAlive) network.take(state);
      told.onChange(state, name, nextAt);
    },
    onSyncFailed: () => metrics.count('sync.errors'),
  });
  const network = new NetworkWatch({ clock, addresses: outsideAddresses, onChange: () => listener.wake() });
  const run = async (away?: Departure) => {
    await tidyAbandoned({ tempFolder: tmpdir(), processes, clock, log });
    const inCluster = values['kubernetes-executor'];
    const tidying = beginTidying({ env, home: homedir(), clock, claims, log, inCluster });
    const exitCode = await listener.run(away);
    await tidying.end();
    views?.close();
    store.close?.();
    await http.close();
    metrics.close();
    return exitCode;
  };
  const configure = (changed: Config['values']) => {
    values = changed;
    processor = createProcessor(values, surroundings);
  };
  return { listener, tails, history, views, queue: () => queueAt(hub), configure, hasten: () => hurry.abort(), run };
}

/** Where the logs of jobs are, while they run and afterwards, and who shows them. */
function logPlaces({ log, startThread, history: kept }: AgentOptions) {
  const otherwise = temporaryFolders(tmpdir());
  const history = kept && new JobHistory({ ...kept, otherwise, clock, log });
  const findStored = async (job: string) => (await history?.find(job))?.stored;
  const views = startThread && new LogViews({ clock, startThread, findStored });
  return { history, views, folders: history ?? otherwise };
}

function hubOf(values: Config['values'], http: Http): HubClient {
  const { endpoint, token: registrationToken } = values;
  return new HubClient({ http, endpoint, noHttps: values['no-https'], registrationToken });
}

async function queueAt(hub: HubClient): Promise<Queue | null> {
  const metrics = await hub.queue().catch(() => undefined);
  return metrics ? queueOf(metrics) : null;
}

function sessionFile(values: Config['values'], log: AgentLog) {
  return openFileSessionStore({
    folder: join(stateFolder(process.env), 'sessions'),
    endpoint: values.endpoint,
    agentName: values.name,
    registrationToken: values.token,
    processes,
    onProblem: (message) => log.warn(message),
  });
}

function registrationOf(values: Config['values']): RegisterRequest {
  const { os, arch } = describeMachine();
  return {
    name: values.name || Buffer.from(random.bytes(15)).toString('base64url'),
    version: VERSION,
    pid: process.pid,
    os,
    arch,
    hostname: hostname(),
    single_job: values['disconnect-after-job'],
    idle_timeout: values['disconnect-after-idle-timeout'],
    interruption_grace_period: values['interruption-grace-period'],
    job_id: values['job-id'],
  };
}
