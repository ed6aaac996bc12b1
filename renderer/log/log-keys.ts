import type { KeyboardEvent } from 'react';
import { LINE_HEIGHT, type LogScroll } from './use-scroll.ts';

/** What a key does in the log; undefined where it is nobody's. */
export function logKey(
  { key, ctrlKey, metaKey, altKey, target, currentTarget }: KeyboardEvent,
  scroll: LogScroll,
  act: { readonly selectAll: () => void; readonly clear: () => void },
): (() => void) | undefined {
  const isCommand = ctrlKey || metaKey;
  if (altKey) return undefined;
  if (isCommand && key.toLowerCase() === 'a') return act.selectAll;
  if (isCommand && !['Home', 'End'].includes(key)) return undefined;
  // On a button within it, the space bar is the button's.
  if (key === ' ' && target !== currentTarget) return undefined;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => scroll.by(LINE_HEIGHT * 2),
    ArrowUp: () => scroll.by(-LINE_HEIGHT * 2),
    PageDown: () => scroll.pages(1),
    PageUp: () => scroll.pages(-1),
    ' ': () => scroll.pages(1),
    Home: () => scroll.toFraction(0),
    End: () => scroll.toFraction(1),
    Escape: act.clear,
  };
  return keys[key];
}
