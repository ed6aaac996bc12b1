import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessibilityProblems, painted, StoryBrowser, savePicture } from './story-browser.ts';

/** The smallest window, the one that opens, a large one. */
const SIZES = [
  { width: 720, height: 480 },
  { width: 980, height: 640 },
  { width: 1440, height: 900 },
];

/** Looks as another one does, and has more in it than can be looked at in a moment. */
const ONE_OF_MANY = 'history-thousand';
const ONLY = process.env.STORY ?? '';
let browser: StoryBrowser;

beforeAll(async () => {
  browser = await StoryBrowser.start();
});
afterAll(() => browser.stop());

it('shows every state in every size, light and dark, readable for everybody', { timeout: 600_000 }, async () => {
  const names = (await browser.names()).filter((name) => name.startsWith(ONLY) && name !== ONE_OF_MANY);
  expect(names.length).toBeGreaterThan(0);
  const waiting = [...names];
  // One page's pictures are taken while another one is drawn.
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        expect.soft(await problemsOf(name, 1), name).toEqual([]);
        expect.soft(await problemsOf(name, 2), `${name} at 200 %`).toEqual([]);
      }
    }),
  );
});

/** Takes the pictures of a story, and returns what is wrong with it. */
async function problemsOf(name: string, zoom: 1 | 2): Promise<readonly string[]> {
  const story = await browser.open(name, { zoom });
  const problems: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await story.page.emulateMedia({ colorScheme });
    await painted(story.page);
    problems.push(...(await accessibilityProblems(story.page)));
    for (const { width, height } of zoom === 1 ? SIZES : SIZES.slice(1, 2)) {
      await story.page.setViewportSize({ width: width / zoom, height: height / zoom });
      if (await story.page.evaluate(isWiderThanWindow)) problems.push(`wider than the window at ${width} × ${height}`);
      await savePicture(story.page, `${name}-${width}x${height}${zoom === 2 ? '-200' : ''}-${colorScheme}`);
    }
  }
  await story.close();
  return [...problems, ...story.errors];
}

function isWiderThanWindow(): boolean {
  const { document, innerWidth } = globalThis as unknown as {
    readonly document: { readonly documentElement: { readonly scrollWidth: number } };
    readonly innerWidth: number;
  };
  return document.documentElement.scrollWidth > innerWidth;
}
