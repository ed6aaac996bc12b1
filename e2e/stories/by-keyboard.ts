import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { StoryBrowser, type StoryPage } from './story-browser.ts';

/** For a test file: a browser, and in each test one story in it, which ends without a complaint. Returns how to open it. */
export function storyByKeyboard(): (name: string) => Promise<{ page: Page; said: string[] }> {
  let browser: StoryBrowser;
  let story: StoryPage | undefined;
  beforeAll(async () => {
    browser = await StoryBrowser.start();
  });
  afterEach(async () => {
    const { errors = [] } = story ?? {};
    await story?.close();
    story = undefined;
    expect(errors).toEqual([]);
  });
  afterAll(() => browser.stop());
  // `said` is what its user told main.
  return async (name) => {
    story = await browser.open(name);
    const said: string[] = [];
    story.page.on('console', (message) => said.push(message.text()));
    return { page: story.page, said };
  };
}

/** Presses Tab until a control has the focus, as somebody does who sees nothing else to press. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 1 && (await nameOf(focused)) === name) return;
  }
  throw new Error(`Tab does not come to ${name}`);
}

/** What a control is called. */
export async function nameOf(focused: ReturnType<Page['locator']>): Promise<string> {
  const snapshot = await focused.ariaSnapshot();
  return /^- \w+ "((?:[^"\\]|\\.)*)"/.exec(snapshot)?.[1]?.replaceAll('\\"', '"') ?? '';
}
