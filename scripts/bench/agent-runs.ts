import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../../e2e/agent.ts';
import { openPty } from '../../main/agent/executor/shell/pty.ts';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { CheckingLogServer } from './log-server.ts';
import { cpuSeconds, fineCpuSeconds, forgetPeak, median, megabytes, peakMegabytes } from './measure.ts';

/** The line that jobs print again and again: 100 bytes with its end. */
const LINE = `${'0123456789'.repeat(10).slice(0, 99)}\n`;
/** As the hub paces an idle agent, in ms. */
const HUB_PACE_MS = 5_000;
/** So that a job is given out soon. */
const BENCH_PACE_MS = 100;

/** What an idle agent is given to come to rest, in ms. */
const SETTLING_MS = 15_000;

/** What one job cost. */
export interface JobFigures {
  /** From the answer that gave the job out until its last event was stored, in s. */
  readonly untilStored: number;
  /** The same until its result was reported. */
  readonly untilReported: number;
  /** Of the agent's own process, in s. */
  readonly cpu: number;
  /** MB over what the idle agent had. */
  readonly memory: number;
}

/** A running agent, the hub it is on, and the log server for its jobs. */
interface Bench {
  readonly hub: PracticeHub;
  readonly logs: CheckingLogServer;
  readonly pid: number;
  /** Monotonic ms of the start of the program. */
  readonly began: number;
  readonly work: string;
}

/** Shell text that prints so many bytes in lines of 100. */
export function printing(bytes: number): string {
  return `yes ${LINE.trimEnd()} | head -c ${bytes}`;
}

/** From the start of the program to its first sync, in s. */
export function measureStart(): Promise<number> {
  return withAgent({}, async ({ hub, began }) => {
    await hub.waitFor(() => hub.calls.some(({ kind }) => kind === 'sync'));
    return (performance.now() - began) / 1000;
  });
}

/** Runs a job that prints so many bytes. Throws unless exactly those arrived, in order and checked by their hash. */
export function measureOutput(bytes: number, secrets: readonly string[] = []): Promise<JobFigures> {
  const env = secrets.length === 0 ? {} : { SEMAPHORE_AGENT_MASK_SECRETS: 'true' };
  const variables = secrets.map((value, n) => ({ name: `SECRET_${n}`, value: Buffer.from(value).toString('base64') }));
  return withAgent(env, async (bench) => {
    const figures = await measureJob(bench, { commands: [{ directive: printing(bytes) }], env_vars: variables });
    const exported = variables.map(({ name }) => `Exporting ${name}\n`).join('');
    const epilogue = 'Exporting SEMAPHORE_JOB_RESULT\n';
    checkArrived(bench.logs, [exported, bytes, epilogue]);
    return figures;
  });
}

/** Both ends of a job of one short command, in s. */
export function measureShortJob(): Promise<{ readonly untilStored: number; readonly endToReport: number }> {
  return withAgent({}, async (bench) => {
    const note = join(bench.work, 'ended');
    const commands = [{ directive: 'echo hi' }, { directive: `date +%s%N > ${note}` }];
    let stored = 0;
    bench.logs.onOutput = (text) => {
      if (text.includes('hi\n')) stored ||= performance.now();
    };
    const { given } = await runJob(bench, { commands });
    const reported = Date.now();
    const ended = Number(readFileSync(note, 'latin1')) / 1e6;
    return { untilStored: (stored - given) / 1000, endToReport: (reported - ended) / 1000 };
  });
}

/** What each of many commands `true` costs, in s: a job of a thousand less a job of one. */
export async function measureCommands(): Promise<number> {
  const took = (count: number) =>
    withAgent({}, async (bench) => {
      const { given, reported } = await runJob(bench, { commands: Array(count).fill({ directive: 'true' }) });
      return (reported - given) / 1000;
    });
  const one = await took(1);
  return ((await took(1_000)) - one) / 999;
}

/** A job that prints 1 MB a second: how long each line takes until it is stored, and how long the whole takes, in s. */
export function measureLag(seconds: number): Promise<{ median: number; most: number; duration: number }> {
  return withAgent({}, async (bench) => {
    const script = join(bench.work, 'metronome.mjs');
    writeFileSync(script, METRONOME);
    const lags: number[] = [];
    bench.logs.onOutput = (text) => {
      const now = Date.now();
      for (const [, at] of text.matchAll(/^T(\d{13}) /gm)) lags.push((now - Number(at)) / 1000);
    };
    const { given, reported } = await runJob(bench, {
      commands: [{ directive: `${process.execPath} ${script} ${seconds}` }],
    });
    if (lags.length < seconds * 9_000) throw new Error(`only ${lags.length} lines were stored whole`);
    const most = lags.reduce((a, b) => Math.max(a, b), 0);
    return { median: median(lags), most, duration: (reported - given) / 1000 };
  });
}

/** Prints 100 lines of 100 bytes every 10 ms, each with the time at which it is printed. */
const METRONOME = `
import { writeSync } from 'node:fs';
const began = Date.now();
for (let n = 0; n < Number(process.argv[2]) * 100; n += 1) {
  const wait = began + n * 10 - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const line = 'T' + Date.now() + ' ' + 'x'.repeat(84) + '\\n';
  let text = Buffer.from(line.repeat(100));
  while (text.length > 0) {
    try {
      text = text.subarray(writeSync(1, text));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
`;

/** Memory in MB, and CPU in s, of an agent that has nothing to do for so many seconds. */
export function measureIdle(seconds: number): Promise<{ readonly memory: number; readonly cpu: number }> {
  return withAgent(
    {},
    async ({ hub, pid }) => {
      await connected(hub);
      // Its runtime tidies up after the start first.
      await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
      const before = fineCpuSeconds(pid);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      return { memory: megabytes(pid), cpu: fineCpuSeconds(pid) - before };
    },
    HUB_PACE_MS,
  );
}

/** The same output read from a bare terminal and thrown away, in s. */
export async function measureTerminal(command: string): Promise<number> {
  const began = performance.now();
  const pty = openPty({ command: ['bash', '-c', command], cwd: tmpdir(), env: { PATH: process.env.PATH ?? '' } });
  pty.onBytes(() => undefined);
  await pty.closed;
  return (performance.now() - began) / 1000;
}

async function measureJob(bench: Bench, request: Readonly<Record<string, unknown>>): Promise<JobFigures> {
  const { hub, pid } = bench;
  await connected(hub);
  const before = { cpu: cpuSeconds(pid), memory: megabytes(pid) };
  forgetPeak(pid);
  const { given, stored, reported } = await runJob(bench, request);
  return {
    untilStored: (stored - given) / 1000,
    untilReported: (reported - given) / 1000,
    cpu: cpuSeconds(pid) - before.cpu,
    memory: peakMegabytes(pid) - before.memory,
  };
}

/** Runs a job on an agent that is connected and idle. Monotonic ms of when it was given out, stored whole, and reported. */
async function runJob({ hub, logs }: Bench, request: Readonly<Record<string, unknown>>) {
  await connected(hub);
  const id = hub.addJob({ executor: 'shell', logger: logs.logger, ...request });
  await hub.waitFor(() => hub.isGiven(id));
  const given = performance.now();
  await logs.waitFor(() => logs.isWhole);
  const stored = performance.now();
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  const reported = performance.now();
  const wrong = [...logs.violations, ...hub.violations];
  if (wrong.length > 0 || hub.resultOf(id) !== 'passed') throw new Error(`the job ${hub.resultOf(id)}: ${wrong[0]}`);
  return { given, stored, reported };
}

/** Resolves when an agent is there and has nothing to do. */
function connected(hub: PracticeHub): Promise<void> {
  return hub.waitFor(() => hub.calls.filter(({ kind }) => kind === 'sync').length >= 2);
}

/** Texts, and for a number so many bytes of the line that jobs print. */
function checkArrived(logs: CheckingLogServer, parts: readonly (string | number)[]): void {
  const hash = createHash('sha256');
  const many = LINE.repeat(10_000);
  for (const part of parts) {
    if (typeof part === 'string') hash.update(part);
    else for (let left = part; left > 0; left -= many.length) hash.update(many.slice(0, left));
  }
  if (hash.digest('hex') !== logs.hash) throw new Error(`what arrived (${logs.bytes} bytes) is not what was printed`);
}

async function withAgent<T>(
  env: Readonly<Record<string, string>>,
  body: (bench: Bench) => Promise<T>,
  paceMs = BENCH_PACE_MS,
): Promise<T> {
  const work = mkdtempSync(join(tmpdir(), 'bench-'));
  const hub = await PracticeHub.start({ nextSyncAfter: paceMs });
  const logs = new CheckingLogServer();
  await logs.start();
  const began = performance.now();
  const agent = startAgent(hub, work, { env });
  try {
    return await body({ hub, logs, pid: agent.pid, began, work });
  } finally {
    hub.requestShutdown('requested');
    await agent.ended;
    await Promise.all([hub.close(), logs.close()]);
    rmSync(work, { recursive: true, force: true });
  }
}
