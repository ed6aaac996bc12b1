import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StoryBrowser, type StoryPage, savePicture } from './story-browser.ts';

let browser: StoryBrowser;
let story: StoryPage | undefined;
let page: Page;

beforeAll(async () => {
  browser = await StoryBrowser.start();
});
afterAll(() => browser.stop());
beforeEach(() => {
  story = undefined;
});
afterEach(async () => {
  // The first page of a browser asks for an icon, which stories have none of.
  expect(story?.errors.filter((error) => !error.includes('404')) ?? []).toEqual([]);
  await story?.close();
});

async function open(name: string): Promise<void> {
  story = await browser.open(name);
  page = story.page;
  await log().waitFor();
}

const log = () => page.getByRole('log', { name: 'Log' });
const row = (line: number) => page.locator(`[data-line="${line}"]`);
const piece = (text: string | RegExp) => log().locator('[data-start]').filter({ hasText: text });
/** The lines that are drawn, and whether each has its text. */
const drawn = () =>
  page.evaluate(() => {
    const { document } = globalThis as unknown as {
      document: { querySelectorAll(of: string): Iterable<{ dataset: { line?: string }; textContent: string }> };
    };
    return [...document.querySelectorAll('[data-line]')].map(({ dataset }) => Number(dataset.line));
  });

describe('the bar', () => {
  it('tells to its end why something did not work', async () => {
    await open('log-failed');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Save as…' }).click();
    const told = page.getByRole('alert').getByText('The log was not saved: /media/stick has no room for it (ENOSPC)');
    await told.waitFor();
    const [text, bar] = [await told.boundingBox(), await page.getByRole('toolbar', { name: 'Log' }).boundingBox()];
    expect(text?.y).toBeGreaterThan(bar?.y ?? 0);
    expect((await page.getByRole('toolbar', { name: 'Log' }).locator('[title^="Unit tests"]').count()) > 0).toBe(true);
  });

  it.each([
    [1440, 900, 50],
    [980, 640, 50],
    [720, 480, 85],
    [490, 320, 85],
  ])(
    'says at %i × %i which run one reads, in rows of %i px that leave the log its room',
    async (width, height, rows) => {
      await open('log-long');
      await page.setViewportSize({ width, height });
      await page.getByRole('button', { name: 'First failure' }).waitFor();
      const bar = page.getByRole('toolbar', { name: 'Log' });
      expect((await bar.boundingBox())?.height).toBeLessThan(rows);
      const [size, room] = [await bar.getByText('· 5,000,000 lines').boundingBox(), await bar.boundingBox()];
      if (!size || !room) throw new Error('the bar is not there');
      expect(size.x + size.width).toBeLessThanOrEqual(room.x + room.width);
      expect(await bar.locator('[title*="4f2c1e9b7d3a"]').getAttribute('title')).toMatch(
        /^Unit tests · Test and build · web-frontend · main · .* · 5,000,000 lines$/,
      );
      const [told, lines] = [await page.getByText('Following ↓').boundingBox(), await log().boundingBox()];
      if (!told || !lines) throw new Error('the log is not there');
      expect(told.y).toBeGreaterThanOrEqual(lines.y + lines.height);
    },
  );

  it('stays one row while somebody searches, who has the options and the ways to the next match then', async () => {
    await open('log-long');
    const bar = page.getByRole('toolbar', { name: 'Log' });
    const field = bar.getByRole('textbox', { name: 'Search in the log' });
    const before = await field.boundingBox();
    expect(await bar.getByRole('button', { name: 'Match case' }).isVisible()).toBe(false);
    await field.fill('error');
    expect(await bar.getByRole('button', { name: 'Match case' }).isVisible()).toBe(true);
    // What there is no room for is gone, not cut.
    expect(await bar.getByText('· 5,000,000 lines').isVisible()).toBe(false);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await bar.getByRole('button', { name: 'Match case' }).getAttribute('aria-pressed')).toBe('true');
    await bar.getByRole('button', { name: 'Next match' }).click();
    expect((await field.boundingBox())?.width).toBeGreaterThanOrEqual(before?.width ?? 0);
    expect((await bar.boundingBox())?.height).toBeLessThan(50);
  });
});

describe('a log of five million lines', () => {
  it('is scrolled by wheel, keys, thumb and number, and draws only what is in view', async () => {
    await open('log-long');
    await row(4_999_999).waitFor();
    await page.getByText('Following ↓').waitFor();
    expect((await drawn()).length).toBeLessThan(80);
    await log().hover();
    await page.mouse.wheel(0, -400);
    await page.getByRole('button', { name: /^Following stopped/ }).waitFor();
    await expect.poll(async () => (await drawn()).at(-1)).toBeLessThan(4_999_995);
    await log().press('Home');
    await page
      .getByRole('button', { name: /^checkout|checkout/ })
      .first()
      .waitFor();
    await row(0).waitFor();
    await log().press('PageDown');
    await expect.poll(async () => (await drawn()).at(-1)).toBeGreaterThan(30);
    const bar = await page.getByRole('scrollbar').boundingBox();
    if (!bar) throw new Error('there is no scroll bar');
    await page.mouse.move(bar.x + 7, bar.y + 10);
    await page.mouse.down();
    await page.mouse.move(bar.x + 7, bar.y + bar.height / 2, { steps: 20 });
    await page.mouse.up();
    await expect.poll(async () => Math.abs((await drawn())[0] ?? 0 - 2_500_000)).toBeGreaterThan(2_000_000);
    const [middle = 0] = await drawn();
    await piece(`compiled`).first().waitFor();
    await log().press('ArrowDown');
    await expect.poll(async () => (await drawn())[0]).toBe(middle + 2);
    await page.getByRole('textbox', { name: 'Go to line' }).fill('3,210,987');
    await page.keyboard.press('Enter');
    await row(3_210_986).waitFor();
    await piece(/^\[3210986\] $/).waitFor();
    await log().press('End');
    await row(4_999_999).waitFor();
    await page.getByText('Following ↓').waitFor();
  });

  it('keeps its place when something above opens or closes, and shows the command of what is in view', async () => {
    await open('log-long');
    await log().press('Home');
    const sticky = page.getByRole('button', { name: 'checkout' });
    await log().press('PageDown');
    await expect.poll(() => sticky.count()).toBe(2 - 1);
    await sticky.first().click();
    await row(1_600_000).waitFor();
    expect(await sticky.first().getAttribute('aria-expanded')).toBe('false');
  });

  it('wraps lines and still comes to both ends', async () => {
    await open('log-hostile');
    await page.getByRole('button', { name: 'Wrap lines' }).click();
    await log().press('Home');
    await row(0).waitFor();
    await page
      .getByText('9.98 MB more in this line')
      .or(page.getByText('10.0 MB more in this line'))
      .waitFor({ state: 'attached' });
    await log().press('End');
    await expect.poll(() => row(10).isVisible()).toBe(true);
    await savePicture(page, 'log-wrapped');
  });
});

describe('hostile output', () => {
  it('is text, whatever it says', async () => {
    await open('log-hostile');
    await piece('<img src=x onerror=alert(1)>').waitFor();
    expect(await page.title()).not.toBe('taken');
    expect(await log().locator('img, script').count()).toBe(0);
    await piece('U+202E').waitFor();
    await piece('downloading 100 %').waitFor();
    const links = await log()
      .getByRole('link')
      .evaluateAll((all) => all.map((one) => (one as unknown as { href: string }).href));
    expect(links).toEqual(['https://example.com/real']);
  });

  it('is selected by dragging, over lines that do not look alike', async () => {
    await open('log-failed');
    const from = await row(9).boundingBox();
    const to = await row(12).boundingBox();
    if (!from || !to) throw new Error('the lines are not there');
    await page.mouse.move(from.x + 90, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(to.x + 200, to.y + 10, { steps: 10 });
    await page.mouse.up();
    await log().press('Control+c');
    const told = await page.getByText('Copied 4 lines').boundingBox();
    expect((told?.y ?? 0) + (told?.height ?? 0)).toBeLessThanOrEqual((await log().boundingBox())?.y ?? 0);
    await savePicture(page, 'log-selection');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('damrak');
    await page.getByText('1 of 5').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 5').waitFor();
    await savePicture(page, 'log-search');
  });
});
