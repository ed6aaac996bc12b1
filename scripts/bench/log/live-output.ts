import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { startAppAgain } from '../../../e2e/desktop/app.ts';
import { median } from '../measure.ts';
import { seconds } from '../table.ts';
import { type Bench, row, windowCpu, windowMegabytes } from './bench.ts';
import { press } from './in-page.ts';

const SECONDS = 30;
const TURNS = 2;
/** In each of them. */
const CLICKS = 30;
/** A program that prints at a steady 20 MB/s for a while, and says how long that took it. */
const STEADY = `
const line = 'x'.repeat(99) + '\\n', block = line.repeat(2_000), blocks = ${SECONDS} * 100, began = Date.now();
let printed = 0;
const timer = setInterval(() => {
  const due = Math.min(blocks, (Date.now() - began) / 10);
  for (; printed < due; printed += 1) process.stdout.write(block);
  if (printed < blocks) return;
  clearInterval(timer);
  process.stdout.write('', () => require('node:fs').writeFileSync(process.argv[2], String(Date.now() - began)));
}, 5);
`;

/** The same job with the log followed and with the window closed, in turns. */
export async function liveOutput(bench: Bench): Promise<void> {
  const [watched, alone, clicks]: [number[], number[], number[]] = [[], [], []];
  let { page } = bench;
  for (let n = 0; n < TURNS; n += 1) {
    watched.push(await watchedJob(bench, page, clicks));
    if (n === TURNS - 1) {
      row(
        'of a core for the window, while Now shows such a job',
        `${((await nowShare(bench, page)) * 100).toFixed(0)} %`,
      );
      row(
        "window's private memory following live output",
        `${(await windowMegabytes(bench)).toFixed(0)} MB`,
        '≤ 200 MB',
      );
    }
    await page.close();
    alone.push(await steadyJob(bench, async () => undefined));
    if (n < TURNS - 1) page = await openAgain(bench);
  }
  const [one, other] = [median(watched) / 1e3, median(alone) / 1e3];
  row(
    `20 MB/s for ${SECONDS} s, ${TURNS} times: the job takes, with its log followed (without a window)`,
    `${seconds(one)} (${seconds(other)}): ${((one / other - 1) * 100).toFixed(1)} %`,
    'within 5 %',
  );
  row(
    'a click meanwhile, median (slowest)',
    `${median(clicks).toFixed(0)} ms (${Math.max(...clicks).toFixed(0)} ms)`,
    '≤ 100 ms',
  );
}

async function watchedJob(bench: Bench, page: Page, clicks: number[]): Promise<number> {
  await page.keyboard.press('Control+2');
  return steadyJob(bench, async () => {
    await page.getByText('Following ↓').waitFor();
    for (let n = 0; n < CLICKS; n += 1) {
      clicks.push(await page.evaluate(press, 'Wrap lines'));
      await page.waitForTimeout((SECONDS * 800) / CLICKS);
    }
  });
}

/** Of a core for the window's page, while it shows the job's commands and the end of its log. */
async function nowShare(bench: Bench, page: Page): Promise<number> {
  await page.keyboard.press('Control+1');
  let before = 0;
  const took = await steadyJob(bench, async () => {
    await page.getByRole('region', { name: 'Running job' }).waitFor();
    before = await windowCpu(bench);
  });
  return ((await windowCpu(bench)) - before) / (took / 1e3);
}

async function openAgain({ app, desktop, work }: Bench): Promise<Page> {
  const opened = app.waitForEvent('window');
  await startAppAgain(desktop, work);
  const page = await opened;
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  return page;
}

async function steadyJob({ work, hub }: Bench, meanwhile: () => Promise<void>): Promise<number> {
  const [program, took] = [join(work, 'steady.cjs'), join(work, 'took')];
  writeFileSync(program, STEADY);
  // Its log is not pushed: what is measured is the window, not a log server.
  const id = hub.addJob({
    executor: 'shell',
    commands: [{ directive: `${process.execPath} ${program} ${took}` }],
    logger: { method: 'pull' },
  });
  await meanwhile();
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  return Number(readFileSync(took, 'utf8'));
}
