import { measureJob, measureStart, measureTerminal, printing } from './agent-runs.ts';
import { median } from './measure.ts';
import { describeHost, row, seconds, times } from './table.ts';

/*
 * `npm run bench`: figures of the built agent, medians of one run, with ratios to the same output read from a bare
 * terminal. The log server parses every event. Nothing here passes or fails.
 */

const RUNS = 5;
const MEGABYTE = 1_000_000;

export async function main(): Promise<number> {
  describeHost();
  process.stdout.write('| measure | figure | bare terminal | ratio |\n| --- | --- | --- | --- |\n');
  row('start → first sync', seconds(median(await times(RUNS, measureStart))));
  const short = await times(RUNS, () => measureJob('echo "h""i"', '"hi\\n'));
  row('`echo hi`: job given out → output stored', seconds(median(short.map(({ untilStored }) => untilStored))));
  row('`echo hi`: job given out → result reported', seconds(median(short.map(({ untilReported }) => untilReported))));
  const longer = await times(RUNS, () => measureJob('echo "h""i"; sleep 1', '"hi\\n'));
  row(
    'a job that goes on: given out → first output stored',
    seconds(median(longer.map(({ untilStored }) => untilStored))),
  );
  await output(10, RUNS);
  await output(100, 3);
  return 0;
}

async function output(megabytes: number, runs: number): Promise<void> {
  const command = printing(megabytes * MEGABYTE);
  const bare = median(await times(runs, () => measureTerminal(command)));
  const jobs = await times(runs, () => measureJob(command, '"cmd_output"'));
  const middle = (figure: (job: (typeof jobs)[number]) => number) => median(jobs.map(figure));
  const lost = jobs.some(({ stored }) => stored < megabytes * MEGABYTE);
  const reported = middle(({ untilReported }) => untilReported);
  const note = lost ? ' (not all arrived)' : '';
  row(
    `${megabytes} MB: job given out → result reported${note}`,
    seconds(reported),
    seconds(bare),
    (reported / bare).toFixed(1),
  );
  row(`${megabytes} MB: CPU of the agent`, seconds(middle(({ cpu }) => cpu)));
  row(`${megabytes} MB: peak memory over idle`, `${middle(({ memory }) => memory).toFixed(0)} MB`);
}
