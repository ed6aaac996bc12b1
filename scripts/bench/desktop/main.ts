import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtime, sandboxArguments, settingsFor } from '../../../e2e/desktop/app.ts';
import { TestDesktop } from '../../../e2e/desktop/test-desktop.ts';
import { PracticeHub } from '../../../main/practice/practice-hub.ts';
import { median } from '../measure.ts';
import { cpuOf, privateMegabytes, processTree } from './process-tree.ts';

/*
 * `npm run bench:desktop`: figures of the built app beside those of an empty one, which has a tray icon and an idle process,
 * in one run. Needs `npm run build` first. Nothing here passes or fails.
 */

const STARTS = 7;
const PAUSES = 7;
/**
 * Until an app has done what it does at its start, and how long it is then watched, in ms. Half a minute behind its start the
 * runtime tidies up what that start left in memory, in an empty app as well.
 */
const SETTLE_MS = 40_000;
const WATCH_MS = 60_000;
const EMPTY_APP = join('scripts', 'bench', 'desktop', 'empty-app');

interface RunningApp {
  readonly desktop: TestDesktop;
  readonly pid: number;
  /** From the start of the program until its icon was in the tray, in s. */
  readonly untilTray: number;
  stop(): Promise<void>;
}

export async function main(): Promise<number> {
  process.stdout.write(`\n| measure | Signalbox | empty app |\n| --- | --- | --- |\n`);
  const hub = await PracticeHub.start({ nextSyncAfter: 5_000 });
  const own = () => startApp('.', settingsFor(hub));
  const empty = () => startApp(EMPTY_APP, {});
  await starts(own, empty);
  await idle(own, empty);
  await pauses(own, hub);
  await hub.close();
  return 0;
}

/** In turns, so that what the machine does meanwhile meets both; the first of each is not counted. */
async function starts(own: () => Promise<RunningApp>, empty: () => Promise<RunningApp>): Promise<void> {
  const figures: { readonly own: number; readonly empty: number }[] = [];
  for (let n = 0; n <= STARTS; n += 1) figures.push({ own: await untilTray(own), empty: await untilTray(empty) });
  const counted = figures.slice(1);
  const [ours, theirs] = [median(counted.map((one) => one.own)), median(counted.map((one) => one.empty))];
  row('start → icon in the tray', `${(ours * 1e3).toFixed(0)} ms`, `${(theirs * 1e3).toFixed(0)} ms`);
}

async function untilTray(start: () => Promise<RunningApp>): Promise<number> {
  const app = await start();
  await app.stop();
  return app.untilTray;
}

/** Both at once, connected and without a window. */
async function idle(startOwn: () => Promise<RunningApp>, startEmpty: () => Promise<RunningApp>): Promise<void> {
  const apps = [await startOwn(), await startEmpty()];
  await wait(SETTLE_MS);
  const trees = apps.map(({ pid }) => processTree(pid));
  const memory = trees.map(privateMegabytes);
  const before = trees.map(cpuOf);
  await wait(WATCH_MS);
  const used = trees.map((pids, n) => ((cpuOf(pids) - (before[n] ?? 0)) / WATCH_MS) * 1e5);
  row('private memory, window closed', ...memory.map((size) => `${size.toFixed(0)} MB`));
  row('processes, window closed', ...trees.map((pids) => `${pids.length}`));
  row('CPU while idle, of a core', ...used.map((share) => `${share.toFixed(2)} %`));
  for (const app of apps) await app.stop();
}

/** Without a sync in flight: the hub wants the next one in 5 s. */
async function pauses(start: () => Promise<RunningApp>, hub: PracticeHub): Promise<void> {
  const app = await start();
  const figures: number[] = [];
  for (let n = 0; n < PAUSES; n += 1) {
    await entryWhenThere(app.desktop, 'Pause');
    await wait(500);
    // The menu is another one since the first sync.
    const pause = (await entryWhenThere(app.desktop, 'Pause')).items[0];
    if (!pause) throw new Error('the menu offers no pause');
    const began = performance.now();
    await app.desktop.click(pause);
    await hub.waitFor(() => hub.calls.at(-1)?.kind === 'disconnect');
    figures.push(performance.now() - began);
    await entryWhenThere(app.desktop, 'Paused by you');
    await app.desktop.click(await entryWhenThere(app.desktop, 'Resume'));
  }
  row('Pause clicked in the tray → hub has the disconnect', `${median(figures).toFixed(0)} ms`, '');
  await app.stop();
}

async function entryWhenThere(desktop: TestDesktop, label: string) {
  for (;;) {
    const entry = (await desktop.menu()).find((one) => one.label === label);
    if (entry) return entry;
    await wait(20);
  }
}

async function startApp(folder: string, settings: Readonly<Record<string, string>>): Promise<RunningApp> {
  const work = mkdtempSync(join(tmpdir(), 'bench-'));
  for (const name of ['home', 'tmp']) mkdirSync(join(work, name));
  const desktop = await TestDesktop.start({ trayHost: true });
  const args = [folder, `--user-data-dir=${join(work, 'profile')}`, ...sandboxArguments()];
  const home = { HOME: join(work, 'home'), TMPDIR: join(work, 'tmp') };
  const began = performance.now();
  const child = spawn(runtime(), args, {
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...home, ...desktop.env, ...settings },
    stdio: 'ignore',
  });
  await desktop.trayItem();
  const untilTray = (performance.now() - began) / 1000;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill();
    await ended;
    await desktop.stop();
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  };
  return { desktop, pid: child.pid ?? 0, untilTray, stop };
}

function row(measure: string, ...figures: readonly string[]): void {
  process.stdout.write(`| ${[measure, ...figures].join(' | ')} |\n`);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
