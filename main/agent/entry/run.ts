import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isOn, textOf } from '../config/command-line.ts';
import { FOLDS, type Fold } from '../config/commands.ts';
import { loadConfig } from '../config/config.ts';
import { createChooseExecutor, type ExecutorSettings } from '../executor/choose-executor.ts';
import { EngineClaims } from '../executor/docker/engine-claims.ts';
import { createMark } from '../executor/job-mark.ts';
import { type PodSettings, podSettingsOf } from '../executor/kubernetes/pod-settings.ts';
import { claimFolder, tidyAbandoned } from '../executor/shell/abandoned.ts';
import { createHttp } from '../hub/undici-http.ts';
import { logEventSchema } from '../hub/wire.ts';
import { Job } from '../job/job.ts';
import { readJobFile } from '../job/job-file.ts';
import type { JobRequest } from '../job/job-request.ts';
import { toolboxAdvice } from '../job/toolbox.ts';
import { EventFile } from '../log/event-file.ts';
import { EventLog } from '../log/event-log.ts';
import { createMirror } from '../log/mirror.ts';
import { followLines } from '../log/plain-text.ts';
import { watchLog } from '../log/watched-log.ts';
import { systemClock } from '../platform/clock.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { createPrivateFolder, noFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { systemRandom } from '../platform/random.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { JobView } from '../run/job-view.ts';
import { onAskedToGo } from './asked-to-go.ts';
import type { CommandEnd, RunCommand } from './command-end.ts';

const NO_HOOKS = { preJobHookPath: '', postJobHookPath: '', failOnPreJobHookError: false, sourcePreJobHook: false };
const STANDARD_ERROR = { warn: (message: string) => void process.stderr.write(`${message}\n`) };
const EXIT_CODES = { passed: 0, failed: 1, stopped: 130 } as const;

/** `signalbox run job.yml`: one job, its log on the terminal. Exit code 0 when it passed, 130 when it was stopped. */
export const run: RunCommand = async ({ flags, files: [path = ''] }) => {
  const loaded = loadConfig({ command: 'run', flags, env: process.env, readFile: () => '' });
  if (!loaded.ok) return { exitCode: 1, problem: loaded.problem };
  const isStandardInput = path === '-';
  const read = readJobFile(isStandardInput ? 'standard input' : path, (file) =>
    readFileSync(isStandardInput ? 0 : file, 'utf8'),
  );
  if (!read.ok) return { exitCode: 1, problem: read.problem };
  for (const warning of read.warnings) process.stderr.write(`signalbox: ${warning}\n`);
  const given = FOLDS.find((known) => known === textOf(flags, 'fold'));
  const fold = given ?? (process.stdout.isTTY ? 'steps' : 'none');
  return runRequest(named(read.request), {
    pods: podSettingsOf(loaded.config.values),
    show: isOn(flags, 'events') ? rawEvents : viewOf(fold),
  });
};

/** What of some lines of the log is printed. */
type Show = (lines: readonly string[]) => string;

function rawEvents(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function viewOf(fold: Fold): Show {
  const view = new JobView({ clock: systemClock, colours: wantsColours(process.env), fold });
  return (lines) => lines.map((line) => view.show(logEventSchema.parse(JSON.parse(line)))).join('');
}

/** As no-color.org and force-color.org have it. */
function wantsColours(env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return process.stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** A file need not name its job; what is made for it in an engine or a cluster must have a name. */
function named(request: JobRequest): JobRequest {
  const name = () => `run-${Buffer.from(systemRandom.bytes(4)).toString('hex')}`;
  return { ...request, job_id: request.job_id || name() };
}

interface RunSettings {
  readonly pods: PodSettings | undefined;
  readonly show: Show;
}

async function runRequest(request: JobRequest, { pods, show }: RunSettings): Promise<CommandEnd> {
  const clock = systemClock;
  const hurry = new AbortController();
  const http = createHttp(clock, { env: process.env });
  const chosen = chooseExecutor({ http, pods, hurry: hurry.signal })(request);
  if (typeof chosen === 'string') return { exitCode: 1, problem: `The job cannot be run: ${chosen}` };
  await tidyAbandoned({ tempFolder: tmpdir(), processes: systemProcesses, clock, log: STANDARD_ERROR });
  const folder = await openFolder().catch((error: unknown) => noFolder(tmpdir(), error));
  if (typeof folder === 'string') return { exitCode: 1, problem: `The job cannot be run: ${folder}` };
  const file = await EventFile.create(folder.path, () => undefined);
  const log = new EventLog(file, clock);
  const print = createMirror('-', tellUnlessReaderLeft) ?? (() => Promise.resolve());
  const advice = new Set<string>();
  const shown = followLines(file, (lines) => print(show(lines)));
  const onCommandFinished = (directive: string, exitCode: number) => {
    const found = toolboxAdvice(directive, exitCode);
    if (found !== undefined) advice.add(found);
  };
  const executor = chosen(watchLog(log, { onCommandFinished }));
  const job = new Job({ request, executor, log, clock, hooks: NO_HOOKS, agentVariables: [] });
  onSignals({ stop: () => job.stop(), hurry: () => hurry.abort() });
  const end = await job.run();
  log.jobFinished(end.result);
  await Promise.all([log.close(), shown, executor.cleanUp()]);
  await file.release();
  await folder.remove();
  await http.close();
  const problems = [...(end.problem === undefined ? [] : [end.problem]), ...advice];
  const exitCode = EXIT_CODES[end.result];
  return problems.length === 0 ? { exitCode } : { exitCode, problem: problems.join('\nsignalbox: ') };
}

/** For the job's log. Should nobody remove it, the next run or start does; what ran for the job the executor's own folder tells. */
async function openFolder(): Promise<PrivateFolder> {
  const folder = await createPrivateFolder(tmpdir());
  await claimFolder(folder, { mark: createMark(systemRandom).entry }, systemProcesses);
  return folder;
}

/** Who pipes the log to `head` has seen enough; on a full disk it is missed. */
function tellUnlessReaderLeft(code: string): void {
  if (code !== 'EPIPE')
    process.stderr.write(`signalbox: The log cannot be printed any more (${code}); the job goes on\n`);
}

function chooseExecutor(given: Pick<ExecutorSettings, 'http' | 'pods' | 'hurry'>) {
  return createChooseExecutor({
    ...given,
    clock: systemClock,
    random: systemRandom,
    processes: systemProcesses,
    env: jobEnvironment(process.env),
    agentLog: STANDARD_ERROR,
    claims: new EngineClaims(systemProcesses, 'signalbox run'),
    onEngine: () => undefined,
    agentVariables: [],
    containers: { files: [], failOnMissingFiles: false, mountEngineSocket: true, exposeKvm: true },
    isContained: () => false,
  });
}

/** The first one stops the job, the second one grants no grace, the third one leaves at once: the next run or start tidies up. */
function onSignals({ stop, hurry }: { readonly stop: () => void; readonly hurry: () => void }): void {
  let signals = 0;
  onAskedToGo(() => {
    signals += 1;
    if (signals > 2) process.exit(EXIT_CODES.stopped);
    process.stderr.write(signals === 1 ? '\nStopping the job; again to kill it\n' : '\nKilling the job\n');
    if (signals > 1) hurry();
    stop();
  });
}
