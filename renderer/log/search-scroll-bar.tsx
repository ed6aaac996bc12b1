import { useMemo } from 'react';
import type { LogLayout } from './layout.ts';
import { ScrollBar } from './scroll-bar.tsx';
import { useSearch } from './search-store.ts';
import type { LogScroll } from './use-scroll.ts';

/** Always the same: what has not changed is not painted again. */
const NO_PLACES: readonly number[] = [];

interface SearchScrollBarProps {
  readonly layout: LogLayout;
  readonly scroll: LogScroll;
  /** The id of the element that it moves. */
  readonly controls: string;
}

/** The log's scroll bar, with the places of matches in it. */
export function SearchScrollBar({ layout, scroll, controls }: SearchScrollBarProps) {
  const progress = useSearch((slice) => slice.progress);
  const marks = useMemo(() => {
    if (!progress || progress.matches === 0 || layout.rows === 0) return NO_PLACES;
    const { marks: counts, linesPerMark } = progress;
    return counts.flatMap((count, n) => (count > 0 ? [layout.rowOfLine(n * linesPerMark) / layout.rows] : []));
  }, [progress, layout]);
  const { fraction, visible, height, toFraction } = scroll;
  return <ScrollBar {...{ fraction, visible, height, marks }} controls={controls} onMove={toFraction} />;
}
