import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../measure.ts';
import { seconds } from '../table.ts';
import { type Bench, row, windowMegabytes } from './bench.ts';
import { press } from './in-page.ts';

const SECONDS = 10;
const CLICKS = 20;
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

/** The same job with the log view open and with the window closed. */
export async function liveOutput(bench: Bench): Promise<void> {
  const { page } = bench;
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+2');
  const clicks: number[] = [];
  const watched = await steadyJob(bench, async () => {
    await page.getByText('Following ↓').waitFor();
    for (let n = 0; n < CLICKS; n += 1) {
      clicks.push(await page.evaluate(press, 'Wrap long lines'));
      await page.waitForTimeout((SECONDS * 800) / CLICKS);
    }
  });
  const memory = await windowMegabytes(bench);
  await page.close();
  const alone = await steadyJob(bench, async () => undefined);
  const slower = ((watched / alone - 1) * 100).toFixed(1);
  row(
    `20 MB/s for ${SECONDS} s: the job takes, followed (without a window)`,
    `${seconds(watched / 1e3)} (${seconds(alone / 1e3)}): ${slower} %`,
    'within 5 %',
  );
  row(
    'a click meanwhile, median (slowest)',
    `${median(clicks).toFixed(0)} ms (${Math.max(...clicks).toFixed(0)} ms)`,
    '≤ 100 ms',
  );
  row("window's private memory then", `${memory.toFixed(0)} MB`, '≤ 200 MB');
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
