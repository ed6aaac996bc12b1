import { useSyncExternalStore } from 'react';
import type { Theme } from './colours.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** The system's theme, as it changes. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, current);
}

function subscribe(onChange: () => void): () => void {
  dark.addEventListener('change', onChange);
  return () => dark.removeEventListener('change', onChange);
}

function current(): Theme {
  return dark.matches ? 'dark' : 'light';
}
