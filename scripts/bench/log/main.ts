import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../../../e2e/desktop/app.ts';
import { TestDesktop } from '../../../e2e/desktop/test-desktop.ts';
import { PracticeHub } from '../../../main/practice/practice-hub.ts';
import { describeHost } from '../table.ts';
import type { Bench } from './bench.ts';
import { chromiumFrames } from './chromium-frames.ts';
import { liveOutput } from './live-output.ts';
import { longLogs } from './long-logs.ts';
import { StoredLogs } from './stored-log.ts';

/*
 * `npm run bench:log`: figures of the log view on a log of five million lines, 500 MB, which is made here and removed
 * afterwards. The window is a real Electron, painting in software; frames are also those of the system's Chromium. Needs
 * `npm run build` first. Nothing here passes or fails.
 */

/** Past jobs are made before the app begins; of the long one there are some whose index was lost. */
const LONG_LINES = 5_000_000;
const SHORT_LINES = 500_000;
const WITHOUT_INDEX = ['Lost 1', 'Lost 2', 'Lost 3'];

export async function main(): Promise<number> {
  describeHost();
  const work = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const logs = new StoredLogs(join(work, 'data', 'history'));
    await logs.add('Short', SHORT_LINES);
    const folder = await logs.add('Long', LONG_LINES);
    for (const name of WITHOUT_INDEX) await logs.addWithoutIndex(name, folder);
    await withApp(work, async (bench) => {
      process.stdout.write('| measure | figure | goal |\n| --- | --- | --- |\n');
      await longLogs(bench, { short: SHORT_LINES, long: LONG_LINES, withoutIndex: WITHOUT_INDEX });
      await liveOutput(bench);
    });
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
  await chromiumFrames();
  return 0;
}

async function withApp(work: string, measure: (bench: Bench) => Promise<void>): Promise<void> {
  const hub = await PracticeHub.start({ nextSyncAfter: 200 });
  const desktop = await TestDesktop.start({ trayHost: true });
  const app = await startApp(desktop, hub, work, { args: ['--show'] });
  try {
    const page = app.windows()[0] ?? (await app.waitForEvent('window'));
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await measure({ work, hub, desktop, app, page });
  } finally {
    await app.close();
    await desktop.stop();
    await hub.close();
  }
}
