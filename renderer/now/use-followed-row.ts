import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** So many rows behind the followed one are in sight too, where there are any. */
const BEHIND = 2;

interface FollowedRow {
  /** Of the list that scrolls, and of the row in it that is followed. */
  readonly box: RefObject<HTMLOListElement | null>;
  readonly newest: RefObject<HTMLLIElement | null>;
  readonly onScroll: () => void;
}

/**
 * Keeps a row of a list in sight, with something of what comes behind it, until its reader scrolls away from it, and again
 * when they come back to it. `content`: another one whenever it may be another row.
 */
export function useFollowedRow(content: unknown): FollowedRow {
  const box = useRef<HTMLOListElement>(null);
  const newest = useRef<HTMLLIElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is another place
  useLayoutEffect(() => {
    if (follows.current) intoSight(box.current, newest.current);
  }, [content]);
  // A box that becomes smaller has lost the row without anybody having scrolled.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (follows.current) intoSight(box.current, newest.current);
    });
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    follows.current = isInSight(box.current, newest.current);
  };
  return { box, newest, onScroll };
}

function intoSight(box: HTMLElement | null, row: HTMLElement | null): void {
  if (!box || !row) return;
  const lowest = row.offsetTop;
  const highest = row.offsetTop + row.offsetHeight * (1 + BEHIND) - box.clientHeight;
  if (box.scrollTop > lowest) box.scrollTop = lowest;
  else if (box.scrollTop < highest) box.scrollTop = highest;
}

function isInSight(box: HTMLElement | null, row: HTMLElement | null): boolean {
  if (!box || !row) return true;
  const { scrollTop, clientHeight } = box;
  return row.offsetTop < scrollTop + clientHeight && row.offsetTop + row.offsetHeight > scrollTop;
}
