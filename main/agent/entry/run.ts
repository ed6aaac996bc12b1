import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createChooseExecutor } from '../executor/choose-executor.ts';
import { EngineClaims } from '../executor/docker/engine-claims.ts';
import { createHttp } from '../hub/undici-http.ts';
import { Job } from '../job/job.ts';
import { readJobFile } from '../job/job-file.ts';
import type { JobRequest } from '../job/job-request.ts';
import { EventFile } from '../log/event-file.ts';
import { EventLog } from '../log/event-log.ts';
import { createMirror } from '../log/mirror.ts';
import { followPlainText } from '../log/plain-text.ts';
import { systemClock } from '../platform/clock.ts';
import { jobEnvironment } from '../platform/job-environment.ts';
import { createPrivateFolder } from '../platform/private-folder.ts';
import { systemRandom } from '../platform/random.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import type { CommandEnd, RunCommand } from './command-end.ts';

const NO_HOOKS = { preJobHookPath: '', postJobHookPath: '', failOnPreJobHookError: false, sourcePreJobHook: false };

/** `signalbox run job.yml`: one job, its log on the terminal. Exit code 0 when it passed. */
export const run: RunCommand = async ({ files: [path = ''] }) => {
  const read = readJobFile(path, (file) => readFileSync(file, 'utf8'));
  if (!read.ok) return { exitCode: 1, problem: read.problem };
  return runRequest(read.request);
};

async function runRequest(request: JobRequest): Promise<CommandEnd> {
  const http = createHttp(systemClock, { env: process.env });
  const chosen = createChooseExecutor({
    clock: systemClock,
    random: systemRandom,
    processes: systemProcesses,
    env: jobEnvironment(process.env),
    http,
    agentLog: { warn: (message) => process.stderr.write(`${message}\n`) },
    claims: new EngineClaims(systemProcesses, 'signalbox run'),
    kubernetes: false,
    containers: { files: [], failOnMissingFiles: false, mountEngineSocket: true, exposeKvm: true },
    isContained: () => false,
  })(request);
  if (typeof chosen === 'string') return { exitCode: 1, problem: `The job cannot be run: ${chosen}` };
  const folder = await createPrivateFolder(tmpdir());
  const file = await EventFile.create(folder.path, () => undefined);
  const log = new EventLog(file, systemClock);
  const shown = followPlainText(file, createMirror('-') ?? (() => Promise.resolve()));
  const executor = chosen(log);
  const job = new Job({ request, executor, log, clock: systemClock, hooks: NO_HOOKS, agentVariables: [] });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => job.stop());
  const end = await job.run();
  log.jobFinished(end.result);
  await Promise.all([log.close(), shown, executor.cleanUp()]);
  await file.release();
  await folder.remove();
  await http.close();
  process.stdout.write(`Job ${end.result}\n`);
  return { exitCode: end.result === 'passed' ? 0 : 1, ...(end.problem === undefined ? {} : { problem: end.problem }) };
}
