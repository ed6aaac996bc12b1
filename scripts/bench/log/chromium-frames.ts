import { StoryBrowser } from '../../../e2e/stories/story-browser.ts';
import { FRAMES_GOAL, framesText, row } from './bench.ts';
import { scroll } from './in-page.ts';

const SCROLL_MS = 10_000;

/** The same scroll in the system's Chromium, over a log that the page makes itself. */
export async function chromiumFrames(): Promise<void> {
  const browser = await StoryBrowser.start();
  const story = await browser.open('log-long');
  await story.page.getByRole('log', { name: 'Log' }).waitFor();
  row('frames over a 10 s scroll, Chromium', framesText(await story.page.evaluate(scroll, SCROLL_MS)), FRAMES_GOAL);
  await story.close();
  await browser.stop();
}
