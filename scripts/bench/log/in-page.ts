/*
 * What runs in the window's page, and so knows nothing but the page. Times are in ms.
 */

interface Element {
  readonly textContent: string | null;
  readonly value: string;
  click(): void;
  focus(): void;
  dispatchEvent(event: unknown): boolean;
  querySelector(of: string): Element | null;
}

interface PageGlobals {
  readonly document: { querySelector(of: string): Element | null; querySelectorAll(of: string): Iterable<Element> };
  readonly window: Element;
  readonly HTMLInputElement: { readonly prototype: object };
  requestAnimationFrame(callback: (at: number) => void): void;
  readonly KeyboardEvent: new (name: string, options: object) => unknown;
  readonly WheelEvent: new (name: string, options: object) => unknown;
  readonly Event: new (name: string, options: object) => unknown;
}

/** Shows the log view; resolves when a line of it is there with its text. */
export async function openLog(line: number): Promise<number> {
  const page = globalThis as unknown as PageGlobals;
  const began = performance.now();
  page.window.dispatchEvent(new page.KeyboardEvent('keydown', { key: '2', ctrlKey: true, bubbles: true }));
  for (;;) {
    await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
    if (page.document.querySelector(`[data-line="${line}"] [data-start]`)) return performance.now() - began;
  }
}

/** Turns the wheel with every frame; resolves with the times between frames. */
export async function scroll(duration: number): Promise<number[]> {
  const page = globalThis as unknown as PageGlobals;
  const log = page.document.querySelector('[role="log"]');
  const frames: number[] = [];
  const frame = () => new Promise<number>((resolve) => page.requestAnimationFrame(resolve));
  let last = await frame();
  for (const began = last; last - began < duration; ) {
    // Down for a second, up for half of one; now and then as fast as a flung touch pad.
    const isUp = (last - began) % 1_500 > 1_000 || last - began < 500;
    const deltaY = (isUp ? -1 : 1) * ((last - began) % 3_000 > 2_000 ? 900 : 120);
    log?.dispatchEvent(new page.WheelEvent('wheel', { deltaY, bubbles: true, cancelable: true }));
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  return frames;
}

/** Presses a button; resolves when what it says has changed and was painted. */
export async function click(label: string): Promise<number> {
  const page = globalThis as unknown as PageGlobals;
  const button = () => [...page.document.querySelectorAll('button')].find(({ textContent }) => textContent === label);
  const began = performance.now();
  // As a press of a mouse does, it waits for its turn.
  await new Promise((resolve) => setTimeout(resolve, 0));
  button()?.click();
  do await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
  while (button());
  return performance.now() - began;
}

/** Searches for a text; resolves when the first match is in view, or with `isWhole` when all of the log was searched. */
export async function firstMatch({
  text,
  isWhole,
}: {
  readonly text: string;
  readonly isWhole: boolean;
}): Promise<number> {
  const page = globalThis as unknown as PageGlobals;
  const field = page.document.querySelector('input[aria-label="Search in the log"]');
  const began = performance.now();
  Object.getOwnPropertyDescriptor(page.HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  field?.dispatchEvent(new page.Event('input', { bubbles: true }));
  for (;;) {
    await new Promise((resolve) => page.requestAnimationFrame(() => resolve(null)));
    const count = page.document.querySelector('search [role="status"]')?.textContent ?? '…';
    const isShown = [...page.document.querySelectorAll('[role="log"] [data-line]')].some((line) =>
      line.textContent?.includes(text),
    );
    if (isShown && (!isWhole || /^1 of 1$/.test(count))) return performance.now() - began;
  }
}
