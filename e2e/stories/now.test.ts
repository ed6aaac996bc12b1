import { afterAll, beforeAll, expect, it } from 'vitest';
import { StoryBrowser } from './story-browser.ts';

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
  const isInSight = async (item: typeof newest) => {
    const [box, row] = [await commands.boundingBox(), await item.boundingBox()];
    return box !== null && row !== null && row.y >= box.y - 1 && row.y + row.height <= box.y + box.height + 1;
  };
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

it.each([
  ['now-running', /^Queue:? 3 jobs waiting, 2 running Last sync:? \d+ s ago Next sync:? (in \d+ s|now)$/],
  ['now-offline', /^Queue:? not known Last sync:? \d\d:\d\d$/],
])('%s tells of the queue and of the syncs', async (story, facts) => {
  const { page, close } = await browser.open(story);
  const footer = page.locator('dl').filter({ hasText: 'Queue' });
  await expect.poll(async () => (await footer.innerText()).replace(/\s+/g, ' ')).toMatch(facts);
  await close();
});
