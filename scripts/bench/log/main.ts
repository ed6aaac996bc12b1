import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ElectronApplication, Page } from 'playwright';
import { startApp } from '../../../e2e/desktop/app.ts';
import { TestDesktop } from '../../../e2e/desktop/test-desktop.ts';
import { StoryBrowser } from '../../../e2e/stories/story-browser.ts';
import { PracticeHub } from '../../../main/practice/practice-hub.ts';
import { privateMegabytes } from '../desktop/process-tree.ts';
import { median } from '../measure.ts';
import { click, firstMatch, openLog, scroll } from './in-page.ts';

/*
 * `npm run bench:log`: figures of the log view on a log of five million lines, 500 MB, which a job prints here. The window is a
 * real Electron, painting in software; the frames are also those of the system's Chromium. Nothing here passes or fails.
 */

const LINES = 5_000_000;
const OPENINGS = 5;
/** A program that prints at a steady 20 MB/s for half a minute, and says how long that took it. */
const STEADY = `
const line = 'x'.repeat(99) + '\\n', block = line.repeat(2_000), began = Date.now();
let blocks = 0;
const timer = setInterval(() => {
  const due = Math.min(3_000, (Date.now() - began) / 10);
  for (; blocks < due; blocks += 1) process.stdout.write(block);
  if (blocks < 3_000) return;
  clearInterval(timer);
  process.stdout.write('', () => require('node:fs').writeFileSync(process.argv[2], String(Date.now() - began)));
}, 5);
`;

interface Bench {
  readonly work: string;
  readonly hub: PracticeHub;
  readonly app: ElectronApplication;
  readonly page: Page;
}

export async function main(): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'bench-'));
  const hub = await PracticeHub.start({ nextSyncAfter: 200 });
  const desktop = await TestDesktop.start({ trayHost: true });
  const app = await startApp(desktop, hub, work, ['--show']);
  const page = app.windows()[0] ?? (await app.waitForEvent('window'));
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  process.stdout.write('\n| measure | figure |\n| --- | --- |\n');
  const bench = { work, hub, app, page };
  try {
    await longLog(bench);
    await liveOutput(bench);
    await chromium();
  } finally {
    await app.close();
    await desktop.stop();
    await hub.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
  return 0;
}

async function longLog({ work, hub, app, page }: Bench): Promise<void> {
  const file = join(work, 'long.log');
  await pipeline(longText, createWriteStream(file));
  const id = hub.addJob(job('Long', `cat ${file}; false`));
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  rmSync(file);
  const openings: number[] = [];
  for (let n = 0; n < OPENINGS; n += 1) {
    await page.keyboard.press('Control+1');
    await page.getByRole('region', { name: /job/i }).first().waitFor();
    openings.push(await page.evaluate(openLog, LINES - 1));
  }
  row('opens, its last line in sight', `${median(openings).toFixed(0)} ms`);
  const renderer = await app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
  const frames = await page.evaluate(scroll, 10_000);
  row('frames over a 10 s scroll, Electron', framesText(frames));
  row("window's private memory then", `${privateMegabytes([renderer]).toFixed(0)} MB`);
  await page.getByRole('log', { name: 'Log' }).press('Home');
  const near = await page.evaluate(firstMatch, { text: `module-${150_000} `, isWhole: false });
  row('search, a match 15 MB from the reader', `${near.toFixed(0)} ms`);
  const whole = await page.evaluate(firstMatch, { text: `module-${LINES - 1} `, isWhole: true });
  row('search, through the whole log', `${(whole / 1_000).toFixed(2)} s`);
}

/** A line of a hundred bytes each, in parts that a pipe likes. */
async function* longText(): AsyncGenerator<string> {
  for (let from = 0; from < LINES; from += 1_000) {
    let text = '';
    for (let n = from; n < from + 1_000; n += 1) {
      text += `\u001b[32mcompiled\u001b[0m module-${n} `.padEnd(99, n % 2 === 0 ? 'abcd ' : 'efgh ').concat('\n');
    }
    yield text;
  }
}

/** The same job with the log view open and with the window closed. */
async function liveOutput(bench: Bench): Promise<void> {
  const { page, app } = bench;
  const clicks: number[] = [];
  const watched = await steadyJob(bench, async () => {
    for (let n = 0; n < 20; n += 1) {
      clicks.push(await page.evaluate(click, 'Wrap'), await page.evaluate(click, 'Do not wrap'));
      await page.waitForTimeout(500);
    }
  });
  const renderer = await app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
  row("window's private memory behind 600 MB of live output", `${privateMegabytes([renderer]).toFixed(0)} MB`);
  await page.close();
  const alone = await steadyJob(bench, async () => undefined);
  row('20 MB/s for 30 s: the job takes, with the log followed', `${(watched / 1_000).toFixed(2)} s`);
  row('the same without a window', `${(alone / 1_000).toFixed(2)} s`);
  row('a click meanwhile, median and slowest', `${median(clicks).toFixed(0)} ms, ${Math.max(...clicks).toFixed(0)} ms`);
}

async function steadyJob({ work, hub }: Bench, meanwhile: () => Promise<void>): Promise<number> {
  const [program, took] = [join(work, 'steady.cjs'), join(work, 'took')];
  writeFileSync(program, STEADY);
  const id = hub.addJob(job('Steady', `${process.execPath} ${program} ${took}; cat ${took}`));
  await meanwhile();
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  return Number(readFileSync(took, 'utf8'));
}

async function chromium(): Promise<void> {
  const browser = await StoryBrowser.start();
  const story = await browser.open('log-long');
  await story.page.getByRole('log', { name: 'Log' }).waitFor();
  row('frames over a 10 s scroll, Chromium', framesText(await story.page.evaluate(scroll, 10_000)));
  await story.close();
  await browser.stop();
}

/** Its log is not pushed: what is measured is the window, not a log server. */
function job(name: string, directive: string) {
  return {
    executor: 'shell',
    env_vars: [{ name: 'SEMAPHORE_JOB_NAME', value: Buffer.from(name).toString('base64') }],
    commands: [{ directive }],
    logger: { method: 'pull' },
  };
}

function framesText(frames: readonly number[]): string {
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

function row(measure: string, figure: string): void {
  process.stdout.write(`| ${measure} | ${figure} |\n`);
}
