import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { painted, StoryBrowser, savePicture } from './story-browser.ts';

/* What people ask of all programs: colours of their own, more contrast, less motion. */

let browser: StoryBrowser;

beforeAll(async () => {
  browser = await StoryBrowser.start();
});
afterAll(() => browser.stop());

interface Style {
  readonly backgroundColor: string;
  readonly color: string;
  readonly outlineStyle: string;
  readonly transitionDuration: string;
}

/** How the first element looks that a selector finds. */
function styleOf(page: Page, selector: string): Promise<Style> {
  return page.evaluate((of) => {
    const { document, getComputedStyle } = globalThis as unknown as {
      readonly document: { querySelector(of: string): unknown };
      getComputedStyle(element: unknown): Style;
    };
    const { backgroundColor, color, outlineStyle, transitionDuration } = getComputedStyle(document.querySelector(of));
    return { backgroundColor, color, outlineStyle, transitionDuration };
  }, selector);
}

/** Controls whose words have the colour of the ground: behind text these colours have a plate of that one. */
function unreadable(): string[] {
  const { document, getComputedStyle } = globalThis as unknown as {
    readonly document: {
      readonly body: unknown;
      querySelectorAll(of: string): Iterable<{ readonly textContent: string | null }>;
    };
    getComputedStyle(element: unknown): Style;
  };
  const ground = getComputedStyle(document.body).backgroundColor;
  const controls = [...document.querySelectorAll('button, a, input, select, h1, p, dd, summary')];
  return controls.filter((one) => getComputedStyle(one).color === ground).map((one) => one.textContent ?? '');
}

it.each(['now-running', 'now-refused', 'log-failed', 'history-selected', 'settings-not-saved', 'first-run-refused'])(
  'is readable in the colours that somebody has chosen: %s',
  async (name) => {
    const { page, errors, close } = await browser.open(name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ forcedColors: 'active', colorScheme });
      await painted(page);
      expect(await page.evaluate(unreadable)).toEqual([]);
      await savePicture(page, `${name}-forced-colours-${colorScheme}`);
    }
    expect(errors).toEqual([]);
    await close();
  },
);

it('shows in these colours too what is known by its ground: the view, a job that runs, the place in the log, a match', async () => {
  const { page, close } = await browser.open('log-long');
  await page.emulateMedia({ forcedColors: 'active' });
  const ground = (await styleOf(page, 'body')).backgroundColor;
  expect((await styleOf(page, 'nav [aria-current]')).outlineStyle).toBe('solid');
  expect((await styleOf(page, '[role="scrollbar"] > div')).backgroundColor).not.toBe(ground);
  await page.getByRole('textbox', { name: 'Search in the log' }).fill('module');
  await page.getByText(/^1 of /).waitFor();
  const [current, other] = [await styleOf(page, '[class*="currentMatch"]'), await styleOf(page, '[class*="match"]')];
  expect(new Set([current.backgroundColor, other.backgroundColor, ground]).size).toBe(3);
  expect(current.color).not.toBe(current.backgroundColor);
  await page.getByRole('button', { name: 'Wrap lines' }).click();
  expect((await styleOf(page, '[aria-label="Wrap lines"]')).outlineStyle).toBe('solid');
  await close();
});

it('has no quiet text for who wants more contrast', async () => {
  const { page, close } = await browser.open('now-running');
  const quiet = () => styleOf(page, 'header p');
  expect((await quiet()).color).not.toBe((await styleOf(page, 'body')).color);
  await page.emulateMedia({ contrast: 'more' });
  expect((await quiet()).color).toBe((await styleOf(page, 'body')).color);
  await close();
});

it('moves for an eighth of a second at most, and not at all for who wants that', async () => {
  const { page, close } = await browser.open('now-running');
  const longest = () =>
    page.evaluate(() => {
      const { document, getComputedStyle } = globalThis as unknown as {
        readonly document: { querySelectorAll(of: string): Iterable<unknown> };
        getComputedStyle(element: unknown): { transitionDuration: string; animationDuration: string };
      };
      const seconds = [...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return [...transitionDuration.split(','), ...animationDuration.split(',')].map(Number.parseFloat);
      });
      return Math.max(...seconds);
    });
  expect(await longest()).toBe(0);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await longest()).toBeGreaterThan(0);
  expect(await longest()).toBeLessThanOrEqual(0.125);
  await close();
});
