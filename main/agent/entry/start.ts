import { readFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenFlag } from '../config/command-line.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { logSettings } from '../config/log-settings.ts';
import { createChooseExecutor } from '../executor/choose-executor.ts';
import { HubClient } from '../hub/hub-client.ts';
import { createHttp } from '../hub/undici-http.ts';
import type { RegisterRequest } from '../hub/wire.ts';
import { JobProcessor } from '../job/job-processor.ts';
import { createOpenLog } from '../job/open-log.ts';
import { openFileSessionStore } from '../listener/file-session-store.ts';
import { Listener } from '../listener/listener.ts';
import { runShutdownHook } from '../listener/shutdown-hook.ts';
import { createMirror } from '../log/mirror.ts';
import { type AgentLog, openAgentLog } from '../platform/agent-log.ts';
import { systemClock } from '../platform/clock.ts';
import { stateFolder } from '../platform/folders.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { describeMachine } from '../platform/machine.ts';
import { systemRandom } from '../platform/random.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { VERSION } from '../version.ts';
import type { CommandEnd } from './command-end.ts';

const clock = systemClock;
const random = systemRandom;
const processes = systemProcesses;

/** `signalbox start`: an agent until the hub, or its owner, lets it go. Resolves with the exit code. */
export async function start(flags: readonly GivenFlag[]): Promise<CommandEnd> {
  const { env } = process;
  const loaded = loadConfig({ command: 'start', flags, env, readFile: (path) => readFileSync(path, 'utf8') });
  if (!loaded.ok) return { exitCode: 1, problem: loaded.problem };
  const forLog = logSettings(env);
  if (!forLog.ok) return { exitCode: 1, problem: forLog.problem };
  const log = openAgentLog({ ...forLog.settings, processes, toConsole: loaded.config.values['job-log-file'] !== '-' });
  for (const warning of loaded.config.warnings) log.warn(warning);
  const exitCode = await runAgent(loaded.config, log);
  log.close();
  return { exitCode };
}

async function runAgent({ values }: Config, log: AgentLog): Promise<number> {
  const env = jobEnvironment(process.env);
  const http = createHttp(clock);
  const hub = new HubClient({
    http,
    endpoint: values.endpoint,
    noHttps: values['no-https'],
    registrationToken: values.token,
  });
  const registration = registrationOf(values);
  const store = openFileSessionStore({
    folder: join(stateFolder(process.env), 'sessions'),
    endpoint: values.endpoint,
    agentName: values.name,
    registrationToken: values.token,
    processes,
    onProblem: (message) => log.warn(message),
  });
  const mirror = createMirror(values['job-log-file']);
  const processor = new JobProcessor({
    hub,
    http,
    clock,
    log,
    openLog: createOpenLog({ http, clock, log, tempFolder: tmpdir(), mirror }),
    chooseExecutor: createChooseExecutor({
      clock,
      random,
      processes,
      env,
      kubernetes: values['kubernetes-executor'],
      shellJobs: values['shell-jobs'],
    }),
    hooks: {
      preJobHookPath: values['pre-job-hook-path'],
      postJobHookPath: values['post-job-hook-path'],
      failOnPreJobHookError: values['fail-on-pre-job-hook-error'],
      sourcePreJobHook: values['source-pre-job-hook'],
    },
    agentVariables: values['env-vars'].map(nameAndValue),
  });
  const listener = new Listener({
    hub,
    clock,
    random,
    log,
    registration,
    rules: { disconnectAfterJob: values['disconnect-after-job'], staysAlive: false },
    store,
    startJob: (jobId, accessToken, onRunning) => processor.start(jobId, accessToken, onRunning),
    runShutdownHook: (reason) => runShutdownHook({ path: values['shutdown-hook-path'], env, clock, log }, reason),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => listener.interrupt());
  const exitCode = await listener.run();
  store.close();
  await http.close();
  return exitCode;
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

function nameAndValue(pair: string): { readonly name: string; readonly value: string } {
  const at = pair.indexOf('=');
  return { name: pair.slice(0, at), value: pair.slice(at + 1) };
}
