import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { beforeEach, describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { chooseFile } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';

const journey = appJourney();
let page: Page;

beforeEach(async () => {
  page = await journey.startWithWindow();
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  await page.keyboard.press('Control+2');
});

const job = (...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: 'Build' });
const until = (name: string) => `until [ -f ${join(journey.work, name)} ]; do sleep 0.05; done`;
const go = (name: string) => writeFileSync(join(journey.work, name), '');
const line = (text: string | RegExp) => log().locator('[data-start]').filter({ hasText: text });
const log = () => page.getByRole('log', { name: 'Log' });

/** The numbers of the lines in view, as the page has them. */
function shownNumbers(): Promise<number[]> {
  return page.evaluate(() => {
    const { document } = globalThis as unknown as {
      document: { querySelectorAll(of: string): Iterable<{ dataset: { line?: string } }> };
    };
    return [...document.querySelectorAll('[data-line]')].map(({ dataset }) => Number(dataset.line));
  });
}

describe('the log view', () => {
  it('follows a running job, stays where its reader goes, comes back to the end, and survives a reload', async () => {
    const id = journey.hub.addJob(
      job('seq 1 5000', `seq 5001 9000; ${until('more')}; seq 9001 20000; ${until('end')}`),
    );
    await line(/^9000$/).waitFor();
    await page.getByText('Following ↓').waitFor();
    await savePictures('log-following', journey.desktop, page);
    await log().hover();
    await page.mouse.wheel(0, -4_000);
    await page.getByRole('button', { name: /^Following stopped · 0 new lines/ }).waitFor();
    const before = await shownNumbers();
    go('more');
    await page.getByRole('button', { name: 'Following stopped · 11,000 new lines ↓' }).waitFor();
    expect(await shownNumbers()).toEqual(before);
    await savePictures('log-not-following', journey.desktop, page);
    await journey.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload());
    await page.getByRole('button', { name: /^Following stopped/ }).waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Running “Build”' }).waitFor();
    await page.keyboard.press('Control+2');
    await line(/^20000$/).waitFor();
    await log().press('Home');
    await line(/^5001$/).waitFor();
    await log().press('End');
    await line(/^20000$/).waitFor();
    await page.getByText('Following ↓').waitFor();
    const numbers = await shownNumbers();
    expect(numbers).toEqual(numbers.map((_, n) => (numbers[0] ?? 0) + n));
    go('end');
    await journey.reported(id);
    await page.getByText('Following ↓').waitFor({ state: 'detached' });
  });

  it('searches while the job runs, and opens what is folded', async () => {
    const id = journey.hub.addJob(
      job(
        'seq 1 30000',
        'echo "needle one"',
        // An expression can take longer on it than the world will last.
        `echo ${'a'.repeat(60)}!`,
        `echo "a Needle too"; ${until('more')}; echo needle three; ${until('end')}`,
      ),
    );
    await line('a Needle too').waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('needle');
    await page.getByText('of 2').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await line(/^needle$/)
      .first()
      .waitFor();
    await savePictures('log-search', journey.desktop, page);
    go('more');
    await page.getByText('of 3').waitFor();
    await page.getByRole('button', { name: 'Match case' }).click();
    await page.getByText('of 2').waitFor();
    await page.getByRole('button', { name: 'Match case' }).click();
    await page.getByRole('textbox', { name: 'Search' }).fill('29999');
    await page.getByText('1 of 1').waitFor();
    await line(/^29999$/).waitFor();
    await page.getByRole('button', { name: 'Regular expression' }).click();
    await page.getByRole('textbox', { name: 'Search' }).fill('(');
    await page.getByText(/^Not a regular expression/).waitFor();
    await page.getByRole('textbox', { name: 'Search' }).fill('(a+)+$');
    await page.getByText('This expression takes too long on this log: make it simpler').waitFor();
    await savePictures('log-search-too-long', journey.desktop, page);
    // The agent goes on: it searches, reads lines and reports its job.
    await page.getByRole('textbox', { name: 'Search' }).fill('needle (one|three)');
    await page.getByText('of 2').waitFor();
    await log().press('Home');
    await page.getByRole('textbox', { name: 'Go to line' }).fill('12345');
    await page.keyboard.press('Enter');
    await line(/^12345$/).waitFor();
    go('end');
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
  });

  it('jumps to the first failure, copies, and saves', async () => {
    const failing = 'seq 1 2000; echo "0 errors so far"; echo "src/a.ts:3: error: it broke"; seq 1 3000; exit 3';
    const id = journey.hub.addJob(job('echo fine', failing));
    await journey.reported(id);
    await page.getByRole('button', { name: 'First failure' }).click();
    await line(/it broke/).waitFor();
    await savePictures('log-first-failure', journey.desktop, page);
    await page.locator('[data-number="2000"]').click();
    await page.locator('[data-number="2003"]').click({ modifiers: ['Shift'] });
    await log().press('Control+c');
    await page.getByText('Copied 4 lines').waitFor();
    const copied = await journey.app.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied).toMatch(/^1999\n2000\n0 errors so far\nsrc/);
    const path = join(journey.work, 'saved.log');
    await chooseFile(journey.app, path);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Save as…' }).click();
    await expect
      .poll(() => readSaved(path))
      .toMatch(/\$ seq 1 2000; echo[^\n]*\n1\n2\n[\s\S]*it broke\n1\n[\s\S]*\n3000\n/);
  });
});

function readSaved(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
