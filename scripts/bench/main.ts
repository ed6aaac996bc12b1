import { randomBytes } from 'node:crypto';
import {
  type JobFigures,
  measureCommands,
  measureIdle,
  measureLag,
  measureOutput,
  measureShortJob,
  measureStart,
  measureTerminal,
  printing,
} from './agent-runs.ts';
import { median } from './measure.ts';
import { measureServedLog } from './serve-log.ts';
import { describeHost, seconds as time, times } from './table.ts';

/*
 * `npm run bench`: figures of the built agent, medians of one run, beside the goals, what the reference agent took, and the
 * same output read from a bare terminal. The log server parses and checks every event and the hash of the whole; where a byte
 * is missing there are no figures.
 */

const RUNS = 5;
const MEGABYTE = 1_000_000;

interface Row {
  readonly measure: string;
  readonly figure: string;
  readonly goal?: string;
  readonly reference?: string;
  readonly bare?: number;
  /** The figure in s, where it is compared to the bare terminal. */
  readonly seconds?: number;
}

export async function main(): Promise<number> {
  describeHost();
  print('| measure | figure | goal | bare terminal | ratio | reference agent |');
  print('| --- | --- | --- | --- | --- | --- |');
  const start = median(await times(RUNS, measureStart));
  row({ measure: 'start → first sync', figure: time(start), goal: '200 ms', reference: '53 ms' });
  await shortJobs();
  await output(1, { runs: RUNS, goal: '0.4 s', reference: '6.4 s' });
  await output(10, { runs: RUNS, goal: '0.8 s', reference: '47 s' });
  const { plain, bare } = await output(100, { runs: 3, goal: '4 s', reference: '334 s, 45 % of it' });
  await masked(100, plain, bare);
  await output(1_000, { runs: 1 });
  await lag();
  await idle();
  await served();
  return 0;
}

/** A log as `serve` hands it out. */
async function served(): Promise<void> {
  const { seconds, memory } = await measureServedLog(1_000 * MEGABYTE);
  row({ measure: '`serve`: `GET /log` of 1 GB of output', figure: time(seconds) });
  row({ measure: '`serve`: peak memory meanwhile, over before', figure: `${memory.toFixed(0)} MB` });
}

async function shortJobs(): Promise<void> {
  const jobs = await times(RUNS, measureShortJob);
  const middle = (figure: (job: (typeof jobs)[number]) => number) => time(median(jobs.map(figure)));
  const measure = '`echo hi`: given out → output stored';
  row({ measure, figure: middle(({ untilStored }) => untilStored), goal: '150 ms', reference: '2.6 s' });
  const end = 'end of the last command → result reported';
  row({ measure: end, figure: middle(({ endToReport }) => endToReport), goal: '150 ms', reference: '3.0 s' });
  const each = `${(median(await times(RUNS, measureCommands)) * 1000).toFixed(2)} ms`;
  row({ measure: '1,000 commands `true`, each', figure: each, goal: '1.5 ms', reference: '5.0 ms' });
}

interface OutputGoals {
  readonly runs: number;
  readonly goal?: string;
  readonly reference?: string;
}

/** Rows of a job that prints so many MB; the 100 MB are also looked at for what they cost. */
async function output(
  megabytes: number,
  { runs, goal, reference }: OutputGoals,
): Promise<{ readonly plain: number; readonly bare: number }> {
  const bytes = megabytes * MEGABYTE;
  const bare = median(await times(runs, () => measureTerminal(printing(bytes))));
  const jobs = await times(runs, () => measureOutput(bytes));
  const middle = (figure: (job: JobFigures) => number) => median(jobs.map(figure));
  const reported = middle(({ untilReported }) => untilReported);
  const measure = `${megabytes} MB: given out → result reported`;
  row({
    measure,
    figure: time(reported),
    bare,
    seconds: reported,
    ...(goal && { goal }),
    ...(reference && { reference }),
  });
  if (megabytes < 100) return { plain: reported, bare };
  const cpu = middle((job) => job.cpu);
  const isGoal = megabytes === 100;
  row({
    measure: `${megabytes} MB: CPU of the agent`,
    figure: time(cpu),
    ...(isGoal && { goal: '5 s', reference: '43 s' }),
  });
  const memory = `${middle((job) => job.memory).toFixed(0)} MB`;
  row({ measure: `${megabytes} MB: peak memory over idle`, figure: memory, goal: '40 MB', reference: '18 MB' });
  return { plain: reported, bare };
}

/** The same with ten secrets to be masked, of which none is printed. */
async function masked(megabytes: number, plain: number, bare: number): Promise<void> {
  const secrets = Array.from({ length: 10 }, () => randomBytes(20).toString('hex'));
  const jobs = await times(3, () => measureOutput(megabytes * MEGABYTE, secrets));
  const reported = median(jobs.map(({ untilReported }) => untilReported));
  const more = Math.round((reported / plain - 1) * 100);
  const slower = more > 0 ? `${more} % slower` : 'not slower';
  const measure = `${megabytes} MB with 10 secrets to mask`;
  row({ measure, figure: `${time(reported)}, ${slower}`, goal: '20 % slower', bare, seconds: reported });
}

async function lag(): Promise<void> {
  const figures = await measureLag(20);
  const reference = 'median 39 s, took 98 s';
  const measure = '1 MB/s for 20 s: printed → stored';
  const figure = `median ${time(figures.median)}, most ${time(figures.most)}`;
  row({ measure, figure, goal: 'median 0.6 s, most 1.5 s', reference });
  row({ measure: '1 MB/s for 20 s: given out → result reported', figure: time(figures.duration), goal: 'not slowed' });
}

async function idle(): Promise<void> {
  const { memory, cpu } = await measureIdle(30);
  row({ measure: 'idle: memory', figure: `${memory.toFixed(0)} MB`, goal: '65 MB', reference: '56 MB' });
  row({ measure: 'idle: CPU in 30 s', figure: `${(cpu * 1000).toFixed(1)} ms`, goal: '15 ms', reference: '10 ms' });
}

function row({ measure, figure, goal = '', reference = '', bare, seconds }: Row): void {
  const ratio = bare === undefined || seconds === undefined ? '' : (seconds / bare).toFixed(1);
  print(`| ${[measure, figure, goal, bare === undefined ? '' : time(bare), ratio, reference].join(' | ')} |`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
