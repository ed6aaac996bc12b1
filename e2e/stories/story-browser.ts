import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { build } from 'vite';

/** Kept for people who want to see what the window looks like; not in the repository. */
const FOLDER = join('e2e', 'pictures', 'stories');

/** Nobody is asked there: what a page wants of it comes from a folder. Secure, as the window's own address is. */
const ORIGIN = 'https://stories.test';
const ADDRESS = `${ORIGIN}/stories/index.html`;

/** A page that shows nothing may hang as well, in ms. */
const ANSWER_LIMIT_MS = 5_000;

/** A browser on the stories: the system's own Chromium, and the page as the sources are now. */
export class StoryBrowser {
  private constructor(
    private readonly folder: string,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<StoryBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'stories-'));
    const input = join('renderer', 'stories', 'index.html');
    const environments = { client: { build: { outDir: folder, emptyOutDir: true, rolldownOptions: { input } } } };
    await build({ logLevel: 'error', environments });
    const browser = await chromium.launch({
      executablePath: findChromium(),
      chromiumSandbox: process.getuid?.() !== 0,
    });
    return new StoryBrowser(folder, browser);
  }

  /** Names of all stories. */
  async names(): Promise<readonly string[]> {
    const context = await this.newContext();
    const page = await context.newPage();
    await page.goto(ADDRESS);
    await page.getByRole('heading', { name: 'Stories' }).waitFor();
    const names = await page.getByRole('link').allTextContents();
    await context.close();
    return names;
  }

  /** Opens a story. `zoom`: 2 shows it as a screen at 200 % does, with half as much room. Its errors end the test. */
  async open(story: string, { width = 980, height = 640, zoom = 1 } = {}): Promise<StoryPage> {
    const context = await this.newContext({
      viewport: { width: width / zoom, height: height / zoom },
      deviceScaleFactor: zoom,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('requestfailed', (request) => errors.push(`${request.url()}: ${request.failure()?.errorText}`));
    await page.goto(`${ADDRESS}?story=${story}`);
    await page
      .getByRole('heading', { level: 1 })
      .waitFor()
      .catch(async (cause) => {
        const shown = await page.locator('body').innerHTML({ timeout: ANSWER_LIMIT_MS }).catch(String);
        throw new Error(`${story} is not shown: ${[...errors, shown].join('\n')}`, { cause });
      });
    return { page, errors, close: () => context.close() };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext(options);
    await context.route(`${ORIGIN}/**`, async (route) => {
      const path = join(this.folder, new URL(route.request().url()).pathname);
      await route.fulfill(existsSync(path) ? { path } : { status: 404 });
    });
    return context;
  }
}

export interface StoryPage {
  readonly page: Page;
  /** What the page complained of so far. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** The colours that a page chooses itself come a moment after those of its style sheets. */
export function painted(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { requestAnimationFrame } = globalThis as unknown as { requestAnimationFrame(callback: () => void): void };
    return new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
  });
}

/** What axe finds wrong with a page, a line for each place. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
      resultTypes: ['violations'],
    }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary?.replace(/\s+/g, ' ')})`),
  );
}

/** Keeps what the page shows as `NAME.png`. */
export async function savePicture(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

function findChromium(): string {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  const found = candidates.find(existsSync);
  if (!found) throw new Error('there is no chromium: npm test installs it, or says how');
  return found;
}
