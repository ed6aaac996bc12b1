import { useEffect, useLayoutEffect, useRef } from 'react';
import type { LogLayout, LogRow } from './layout.ts';
import { useLog } from './log-store.ts';
import { useSearch } from './search-store.ts';
import type { LogScroll } from './use-scroll.ts';

/** Lines beyond the edges that are there already when one scrolls; who follows wants those that come. */
const READ_AHEAD = 100;

/** Lines in view and around it are fetched, and their matches. */
export function useWanted(rows: readonly LogRow[], layout: LogLayout, { first, isAtEnd }: LogScroll): void {
  const cache = useLog((slice) => slice.cache);
  const version = useLog((slice) => slice.version);
  const want = useSearch((slice) => slice.want);
  const progress = useSearch((slice) => slice.progress);
  const lines = rows.flatMap((row) => (row.kind === 'line' ? [row.line] : []));
  const [from = 0, to = -1] = [lines[0], lines.at(-1)];
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes, or grows, may make others wanted
  useEffect(() => {
    if (to < from) return;
    const ahead = isAtEnd ? 0 : READ_AHEAD;
    cache?.want(Math.max(0, from - ahead), Math.min(layout.lines, to + 1 + ahead));
    want(from, to + 1);
  }, [cache, version, from, to, layout, first, isAtEnd, progress, want]);
}

/** A command that passes closes by itself, but not under the eyes of who reads it. */
export function useKeptOpen(layout: LogLayout, { isAtEnd, top }: LogScroll): void {
  const fold = useLog((slice) => slice.fold);
  const folds = useLog((slice) => slice.folds);
  const read = useRef(-1);
  useLayoutEffect(() => {
    const kept = read.current;
    if (!isAtEnd && kept >= 0 && !folds.has(kept) && !layout.isOpen(kept)) fold(kept, true);
    const row = layout.at(top);
    read.current = row?.kind === 'line' ? row.command : -1;
  }, [layout, isAtEnd, top, folds, fold]);
}
