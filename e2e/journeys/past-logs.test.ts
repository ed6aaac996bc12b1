import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { startAppAgain } from '../desktop/app.ts';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { savePictures } from '../desktop/pictures.ts';

const journey = appJourney();

/** Runs a job to its end. */
async function run(name: string, ...commands: string[]): Promise<string> {
  const id = journey.hub.addJob(shellJob(commands, { SEMAPHORE_JOB_NAME: name }));
  await journey.reported(id);
  return id;
}

/** The files of indexes, of all logs that are kept. */
function indexes(): string[] {
  const folder = join(journey.work, 'data', 'history');
  return readdirSync(folder).map((name) => join(folder, name, 'events.index.json'));
}

async function openFromHistory(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+3');
  await page.getByRole('button', { name, exact: true }).click();
}

type WithWays = { ways?: number };

/** Counts the ways to the logs that the window is given from now on. */
async function countWays(app: ElectronApplication): Promise<() => Promise<number>> {
  await app.evaluate(({ BrowserWindow }) => {
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      const post = webContents.postMessage.bind(webContents);
      webContents.postMessage = (channel, message, ports) => {
        const counted = globalThis as WithWays;
        if (message === 'logs') counted.ways = (counted.ways ?? 0) + 1;
        post(channel, message, ports);
      };
    }
  });
  return () => app.evaluate(() => (globalThis as WithWays).ways ?? 0);
}

const log = (page: Page) => page.getByRole('log', { name: 'Log' });
const line = (page: Page, text: string | RegExp) => log(page).locator('[data-start]').filter({ hasText: text });

describe('the log of a past job', () => {
  it('opens from the history, with its index and without, and makes room for the newest one again', async () => {
    const page = await journey.startWithWindow();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await run('Older', 'echo first', 'seq 1 60000; exit 3');
    await run('Newer', 'echo newest; false');
    const ways = await countWays(journey.app);
    await openFromHistory(page, 'Older');
    await line(page, /^60000$/).waitFor();
    for (const index of indexes()) rmSync(index);
    await openFromHistory(page, 'Newer');
    await line(page, 'newest').waitFor();
    await openFromHistory(page, 'Older');
    await line(page, /^60000$/).waitFor();
    await page.getByRole('textbox', { name: 'Go to line' }).fill('30001');
    await page.keyboard.press('Enter');
    await line(page, /^30000$/).waitFor();
    await page.getByRole('button', { name: /seq 1 60000/ }).waitFor();
    // It is read through once.
    await expect.poll(() => indexes().map(existsSync)).toEqual([true, true]);
    await savePictures('log-past', journey.desktop, page);
    await page.keyboard.press('Control+2');
    await line(page, 'newest').waitFor();
    // With another one the log is shown again, and who has begun to read is back at its end.
    expect(await ways()).toBe(1);
  });
});

describe('a link to a line', () => {
  it('opens the log there, from a second start, and from the first', async () => {
    const page = await journey.startWithWindow();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    const id = await run('Linked', 'seq 1 5000; false');
    await run('Newest', 'echo newest; false');
    await openFromHistory(page, 'Linked');
    await page.getByRole('textbox', { name: 'Go to line' }).fill('1234');
    await page.keyboard.press('Enter');
    await line(page, /^1234$/).waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Copy link to this line' }).click();
    await page.getByText('Link to line 1234 copied').waitFor();
    const link = await journey.app.evaluate(({ clipboard }) => clipboard.readText());
    expect(link).toBe(`signalbox://log/${id}?line=1234`);
    await page.keyboard.press('Control+2');
    await line(page, 'newest').waitFor();
    await startAppAgain(journey.desktop, journey.work, ['--', link]);
    await line(page, /^1234$/).waitFor();
    await log(page).press('End');
    await line(page, /^5000$/).waitFor();
    // As macOS tells of one; the same line once more.
    await journey.app.evaluate(
      ({ app }, url) => void app.emit('open-url', { preventDefault: () => undefined }, url),
      link,
    );
    await line(page, /^1234$/).waitFor();
    await savePictures('log-linked', journey.desktop, page);
    await journey.closeApp();
    await journey.start([link]);
    await line(await journey.window(), /^1234$/).waitFor();
  });

  it('does nothing at all where it is not one of ours, or of a log that is not here', async () => {
    await journey.start();
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
    const id = await run('Kept', 'echo kept; false');
    let windows = 0;
    journey.app.on('window', () => {
      windows += 1;
    });
    const hostile = [
      ['signalbox://log/another?line=1'],
      ['signalbox://app/index.html'],
      [`signalbox://log/${id}?line=1#--inspect`],
      [`signalbox://log/${id}?line=1`, `signalbox://log/${id}?line=2`],
      ['signalbox://log/..%2f..%2fetc%2fpasswd?line=1'],
    ];
    for (const args of hostile) await startAppAgain(journey.desktop, journey.work, ['--', ...args]);
    expect(windows).toBe(0);
    const shown = journey.app.waitForEvent('window');
    await startAppAgain(journey.desktop, journey.work, ['--', `signalbox://log/${id}?line=1`]);
    await line(await shown, 'kept').waitFor();
    expect(windows).toBe(1);
  });
});
