import { afterAll, beforeAll, expect, it } from 'vitest';
import { StoryBrowser } from './story-browser.ts';

interface Box {
  readonly y: number;
  readonly height: number;
}

/** Whether one sees all of a row of what scrolls. */
function isWithin(row: Box | null, box: Box | null): boolean {
  return box !== null && row !== null && row.y >= box.y - 1 && row.y + row.height <= box.y + box.height + 1;
}

let browser: StoryBrowser;

beforeAll(async () => {
  browser = await StoryBrowser.start();
});
afterAll(() => browser.stop());

it('keeps the newest command in sight when the window becomes smaller, until one scrolls up', async () => {
  const { page, errors, close } = await browser.open('now-running-strange-job', { height: 800 });
  const commands = page.getByRole('list', { name: 'Commands' });
  const newest = commands.getByRole('listitem').last();
  const first = commands.getByRole('listitem').first();
  const isInSight = async (item: typeof newest) => isWithin(await item.boundingBox(), await commands.boundingBox());
  await expect.poll(() => isInSight(newest)).toBe(true);
  await page.setViewportSize({ width: 980, height: 560 });
  await expect.poll(() => isInSight(newest)).toBe(true);

  await commands.press('Home');
  await expect.poll(() => isInSight(first)).toBe(true);
  await page.setViewportSize({ width: 980, height: 700 });
  await expect.poll(() => isInSight(first)).toBe(true);
  expect(await isInSight(newest)).toBe(false);
  expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
  await close();
});

it('lists the commands that are to come, and keeps the running one in sight among them', async () => {
  const { page, close } = await browser.open('now-running-many-commands');
  const commands = page.getByRole('list', { name: 'Commands' });
  const running = commands.getByRole('listitem').filter({ has: page.getByRole('img', { name: 'running' }) });
  await expect.poll(() => running.textContent()).toMatch(/^▸.*make test/);
  await expect.poll(async () => isWithin(await running.boundingBox(), await commands.boundingBox())).toBe(true);
  const toCome = commands.getByRole('listitem').filter({ has: page.getByRole('img', { name: 'to come' }) });
  expect(await toCome.count()).toBe(100);
  await commands.getByText('and 312 more').waitFor();
  // The next ones can be seen without scrolling.
  expect(isWithin(await toCome.first().boundingBox(), await commands.boundingBox())).toBe(true);
  await close();
});

it('says how many commands did not run', async () => {
  const { page, close } = await browser.open('now-idle-after-a-job');
  await page.getByRole('list', { name: 'Commands' }).getByText('4 commands did not run').waitFor();
  await close();
});

it('draws the end of fast output alone, and all of it for who scrolls up, at the line where they are', async () => {
  const { page, close } = await browser.open('now-running');
  const log = page.getByRole('log', { name: 'End of the log' });
  const come = (from: number) =>
    page.evaluate((first) => {
      const lines = Array.from({ length: 2_000 }, (_, n) => `line ${first + n}${'\u00b7'.repeat(n % 300)}\n`);
      const { dispatchEvent, CustomEvent } = globalThis as unknown as {
        dispatchEvent(event: unknown): void;
        readonly CustomEvent: new (name: string, options: object) => unknown;
      };
      const detail = [{ kind: 'output', number: 2, text: lines.join('') }];
      dispatchEvent(new CustomEvent('story-tail', { detail }));
    }, from);
  await come(0);
  const last = log.getByText(/^line 1999/);
  await expect.poll(async () => isWithin(await last.boundingBox(), await log.boundingBox())).toBe(true);
  expect(await log.getByText(/^line /).count()).toBeLessThan(100);
  const atEnd = await last.boundingBox();
  await log.hover();
  await page.mouse.wheel(0, -100);
  await page.getByRole('button', { name: /^Following stopped/ }).waitFor();
  expect(await log.getByText(/^line /).count()).toBe(1_000);
  // What was drawn above has moved nothing but by what the wheel was turned.
  await expect.poll(async () => Math.round(((await last.boundingBox())?.y ?? 0) - (atEnd?.y ?? 0))).toBe(100);
  await log.press('Home');
  await expect
    .poll(async () => isWithin(await log.getByText(/^line 1000/).boundingBox(), await log.boundingBox()))
    .toBe(true);
  await page.getByRole('button', { name: /^Following stopped/ }).click();
  await come(2_000);
  const newest = log.getByText(/^line 3999/);
  await expect.poll(async () => isWithin(await newest.boundingBox(), await log.boundingBox())).toBe(true);
  expect(await log.getByText(/^line /).count()).toBeLessThan(100);
  await close();
});

it.each([
  ['now-running', /^Queue:? 3 jobs waiting, 2 running Last sync:? \d+ s ago Next sync:? (in \d+ s|now)$/],
  ['now-paused', /^Hub:? not connected$/],
  ['now-offline', /^Queue:? not known Last sync:? \d\d:\d\d$/],
])('%s tells of the queue and of the syncs', async (story, facts) => {
  const { page, close } = await browser.open(story);
  const footer = page.locator('dl');
  await expect.poll(async () => (await footer.innerText()).replace(/\s+/g, ' ')).toMatch(facts);
  await close();
});
