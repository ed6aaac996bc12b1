import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureJob, measureOutput } from '../contained-runs.ts';
import { median } from '../measure.ts';
import { describeHost, row, seconds, times } from '../table.ts';

/*
 * `npm run bench:containers`: figures of jobs in containers on an engine of the bench's own, medians of one run, beside `docker
 * run` with a terminal and its output in a file; of 100 MB the time of a `docker run` that prints nothing is taken off. Nothing here passes or fails.
 */

const RUNS = 5;
const BYTES = 100_000_000;
const IMAGE = 'bench:1';
const PRINT = 'cat /printed';
const REQUEST = {
  executor: 'dockercompose',
  compose: { containers: [{ name: 'main', image: IMAGE }] },
};

export async function main(): Promise<number> {
  await makeImage();
  describeHost();
  process.stdout.write('| measure | figure | docker run | ratio |\n| --- | --- | --- | --- |\n');
  const short = await times(RUNS, () => measureJob('echo "h""i"', '"hi\\n', REQUEST));
  const hello = median(await times(RUNS, () => dockerRun('printf hi')));
  const stored = median(short.map(({ untilStored }) => untilStored));
  row('`echo hi` in a container: job given out → output stored', seconds(stored), seconds(hello), ratio(stored, hello));
  const reported = median(short.map(({ untilReported }) => untilReported));
  row('`echo hi` in a container: job given out → result reported', seconds(reported));
  const bare = median(await times(RUNS, () => dockerRun(PRINT))) - hello;
  const ours = median(await times(RUNS, () => measureOutput(PRINT, REQUEST)));
  row('100 MB from a container: command begun → stored', seconds(ours), seconds(bare), ratio(ours, bare));
  const jobs = await times(3, () => measureJob(PRINT, '"cmd_output"', REQUEST));
  const lost = jobs.some((job) => job.stored < BYTES) ? ' (not all arrived)' : '';
  row(`100 MB: job given out → result reported${lost}`, seconds(median(jobs.map((job) => job.untilReported))));
  row('100 MB: CPU of the agent', seconds(median(jobs.map(({ cpu }) => cpu))));
  row('100 MB: peak memory over idle', `${median(jobs.map(({ memory }) => memory)).toFixed(0)} MB`);
  return 0;
}

/** An image that holds what is printed: `docker run` and the agent read the same file. */
async function makeImage(): Promise<void> {
  const line = '0123456789'.repeat(10).slice(0, 99);
  const fill = `busybox yes ${line} | head -c ${BYTES} > /printed`;
  const container = (await docker('run -d conformance-base:1 bash -c', fill)).trim();
  await docker(`wait ${container}`);
  await docker(`commit ${container} ${IMAGE}`);
  await docker(`rm ${container}`);
}

/** From the call to its end, in s. */
async function dockerRun(command: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const began = performance.now();
  await run('bash', ['-c', `docker run --rm -t ${IMAGE} ${command} > ${join(folder, 'out')}`]);
  const took = (performance.now() - began) / 1000;
  rmSync(folder, { recursive: true });
  return took;
}

function ratio(ours: number, theirs: number): string {
  return (ours / theirs).toFixed(2);
}

function docker(command: string, ...more: readonly string[]): Promise<string> {
  return run('docker', [...command.split(' '), ...more]);
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message));
      else resolve(stdout);
    });
  });
}
