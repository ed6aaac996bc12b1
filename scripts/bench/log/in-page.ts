/*
 * What runs in the window's page, and so knows nothing but the page. Times are in ms.
 */

interface Element {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  click(): void;
  dispatchEvent(event: unknown): boolean;
  querySelector(of: string): Element | null;
  querySelectorAll(of: string): Iterable<Element>;
}

interface PageGlobals {
  readonly document: { querySelector(of: string): Element | null; querySelectorAll(of: string): Iterable<Element> };
  readonly window: Element;
  readonly HTMLInputElement: { readonly prototype: object };
  requestAnimationFrame(callback: (at: number) => void): void;
  readonly WheelEvent: new (name: string, options: object) => unknown;
  readonly Event: new (name: string, options: object) => unknown;
}

/** Opens the log of a past job from the history; resolves when a text of it was painted. */
export async function openLog({ name, text }: { readonly name: string; readonly text: string }): Promise<number> {
  const page = globalThis as unknown as PageGlobals;
  const job = [...page.document.querySelectorAll('[data-job]')].find(({ textContent }) => textContent === name);
  const began = performance.now();
  job?.click();
  for (;;) {
    await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
    const log = page.document.querySelector('[role="log"]') ?? page.document.querySelector('section pre');
    if (!log?.textContent?.includes(text)) continue;
    // The frame that shows it is on its way: behind the next one it is there.
    await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
    return performance.now() - began;
  }
}

/** What one saw of a scroll: the times between frames, and how many frames showed a line without its text. */
export interface Scrolled {
  readonly frames: readonly number[];
  readonly withGaps: number;
}

/** Turns the wheel with every frame. */
export async function scroll(duration: number): Promise<Scrolled> {
  const page = globalThis as unknown as PageGlobals;
  const log = page.document.querySelector('[role="log"]');
  const frames: number[] = [];
  let withGaps = 0;
  const frame = () => new Promise<number>((resolve) => page.requestAnimationFrame(resolve));
  const hasGap = () => {
    const rows = [...(log?.querySelectorAll('[data-line]') ?? [])];
    return rows.some((row) => row.querySelector('[data-start]') === null);
  };
  let last = await frame();
  for (const began = last; last - began < duration; ) {
    // Down for a second, up for half of one; now and then as fast as a flung touch pad.
    const isUp = (last - began) % 1_500 > 1_000 || last - began < 500;
    const deltaY = (isUp ? -1 : 1) * ((last - began) % 3_000 > 2_000 ? 900 : 120);
    log?.dispatchEvent(new page.WheelEvent('wheel', { deltaY, bubbles: true, cancelable: true }));
    const now = await frame();
    frames.push(now - last);
    if (hasGap()) withGaps += 1;
    last = now;
  }
  return { frames, withGaps };
}

/** Presses a button that is on or off; resolves when it is the other way round and that was painted. */
export async function press(label: string): Promise<number> {
  const page = globalThis as unknown as PageGlobals;
  const button = page.document.querySelector(`button[aria-label="${label}"]`);
  const before = button?.getAttribute('aria-pressed');
  const began = performance.now();
  // As a press of a mouse does, it waits for its turn.
  await new Promise((resolve) => setTimeout(resolve, 0));
  button?.click();
  do await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
  while (button?.getAttribute('aria-pressed') === before);
  return performance.now() - began;
}

/** Types a text into the search field, all of it at once; resolves when a match of it is in view. */
export async function firstHit(text: string): Promise<number> {
  const page = globalThis as unknown as PageGlobals;
  const field = page.document.querySelector('input[aria-label="Search in the log"]');
  const began = performance.now();
  Object.getOwnPropertyDescriptor(page.HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  field?.dispatchEvent(new page.Event('input', { bubbles: true }));
  for (;;) {
    await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
    const lines = [...page.document.querySelectorAll('[role="log"] [data-line]')];
    if (lines.some((line) => line.textContent?.includes(text))) return performance.now() - began;
  }
}

/** Resolves when the search that is under way has been through the whole log. */
export async function wholeScan(): Promise<void> {
  const page = globalThis as unknown as PageGlobals;
  for (;;) {
    await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
    const count = page.document.querySelector('search [role="status"]')?.textContent ?? '…';
    if (/\d/.test(count) && !count.includes('…')) return;
  }
}
