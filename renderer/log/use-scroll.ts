import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogLayout, LogRow } from './layout.ts';
import {
  END,
  endPlace,
  fractionOf,
  placeAt,
  type ScrollPlace,
  type ScrollSpace,
  scrolledBy,
  scrolledIntoView,
} from './scroll.ts';

/** Of a line and of a heading, in px, as log-row.module.css has them. */
export const LINE_HEIGHT = 20;
const HEADING_HEIGHT = 30;
/** Rows beyond the edges. Nothing moves before it is drawn anew, so that what is farther away would be drawn for nothing. */
const OVERSCAN = 1;

/** Where the reader is. By what stands there, not by its row: rows move when something above opens or closes. */
type Anchor =
  | { readonly kind: 'end' }
  | { readonly kind: 'at'; readonly item: LogRow | undefined; readonly offset: number };

export interface LogScroll {
  /** The rows to be drawn: from the first one, up to the last one without it. */
  readonly first: number;
  readonly last: number;
  /** The row at the upper edge. */
  readonly top: number;
  /** How the rows are laid: by so many px from above, or with their end at the lower edge. */
  readonly shift: number | 'end';
  readonly isAtEnd: boolean;
  readonly fraction: number;
  readonly visible: number;
  readonly height: number;
  by(pixels: number): void;
  pages(count: number): void;
  toFraction(fraction: number): void;
  /** Brings a row of a layout (which may be the next one) into view. */
  reveal(row: number, layout: LogLayout): void;
  /** Puts a row at the upper edge. */
  toRow(row: number, layout: LogLayout): void;
}

/** Keeps the line in its place that is read, whatever comes above or below it, or at the end while that is followed. */
export function useScroll(
  layout: LogLayout,
  wraps: boolean,
  box: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
): LogScroll {
  const [anchor, setAnchor] = useState<Anchor>(END);
  const size = useSize(box);
  const heights = useHeights(layout, wraps, size.width);
  const spaceOf = (of: LogLayout): ScrollSpace => ({
    rows: of.rows,
    height: size.height,
    heightOf: (row) => heights.of(of, row),
  });
  const space = spaceOf(layout);
  const place = placeOf(anchor, layout, space);
  const go = (next: ScrollPlace, of = layout) =>
    setAnchor(next.kind === 'end' ? END : { kind: 'at', item: of.at(next.row), offset: next.offset });
  const latest = useRef({ by: (_: number) => undefined as undefined });
  latest.current.by = (pixels) => void go(scrolledBy(place, pixels, space)) as undefined;
  useWheel(
    box,
    useCallback((pixels: number) => latest.current.by(pixels), []),
  );
  const { first, last, top, shift } = rowsInView(place, space);
  useLayoutEffect(() => heights.measure(content.current, first));
  return {
    first,
    last,
    top,
    shift,
    isAtEnd: place.kind === 'end',
    fraction: fractionOf(place, space),
    visible: Math.min(1, size.height / Math.max(1, layout.rows * LINE_HEIGHT)),
    height: size.height,
    by: (pixels) => go(scrolledBy(place, pixels, space)),
    pages: (count) => go(scrolledBy(place, count * (size.height - 2 * LINE_HEIGHT), space)),
    toFraction: (fraction) => go(placeAt(fraction, space)),
    reveal: (row, of) => go(scrolledIntoView(placeOf(anchor, of, spaceOf(of)), row, spaceOf(of)), of),
    toRow: (row, of) => go(scrolledBy({ kind: 'at', row, offset: 0 }, 0, spaceOf(of)), of),
  };
}

function placeOf(anchor: Anchor, layout: LogLayout, space: ScrollSpace): ScrollPlace {
  if (anchor.kind === 'end') return END;
  const { item, offset } = anchor;
  const row = item?.kind === 'line' ? layout.rowOfLine(item.line) : layout.rowOfHeading(item?.command ?? 0);
  return { kind: 'at', row, offset: Math.min(offset, space.heightOf(row)) };
}

function rowsInView(place: ScrollPlace, space: ScrollSpace): Pick<LogScroll, 'first' | 'last' | 'top' | 'shift'> {
  const at = place.kind === 'end' ? endPlace(space) : place;
  const first = Math.max(0, at.row - OVERSCAN);
  let above = at.offset;
  for (let row = first; row < at.row; row += 1) above += space.heightOf(row);
  let last = at.row;
  for (let below = -at.offset; last < space.rows && below < space.height; last += 1) below += space.heightOf(last);
  const isWhole = at.row === 0 && at.offset === 0;
  const shift = place.kind === 'end' && !isWhole ? 'end' : above;
  return { first, last: Math.min(space.rows, shift === 'end' ? space.rows : last + OVERSCAN), top: at.row, shift };
}

/** Heights of rows: all the same where lines are not wrapped, else as they were measured when they were in view. */
function useHeights(layout: LogLayout, wraps: boolean, width: number) {
  const measured = useRef(new Map<string, number>());
  const [, drawAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width wraps in other places
  useLayoutEffect(() => measured.current.clear(), [width, wraps]);
  return {
    of(of: LogLayout, row: number): number {
      const item = of.at(row);
      if (item?.kind === 'heading') return HEADING_HEIGHT;
      return (wraps && item && measured.current.get(`${item.line}`)) || LINE_HEIGHT;
    },
    measure(content: HTMLElement | null, first: number): void {
      if (!wraps || !content) return;
      let hasChanged = false;
      for (const [n, element] of [...content.children].entries()) {
        const item = layout.at(first + n);
        if (item?.kind !== 'line') continue;
        const { height } = element.getBoundingClientRect();
        hasChanged ||= height !== (measured.current.get(`${item.line}`) ?? LINE_HEIGHT);
        measured.current.set(`${item.line}`, height);
      }
      if (measured.current.size > 20_000) measured.current.clear();
      if (hasChanged) drawAgain((count) => count + 1);
    },
  };
}

function useSize(box: RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return size;
}

/** Calls `onScroll` once a frame with what wheel and touch have moved since the last one, in px. */
function useWheel(box: RefObject<HTMLElement | null>, onScroll: (pixels: number) => void): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let pixels = 0;
    let frame = 0;
    const add = (more: number) => {
      pixels += more;
      frame ||= requestAnimationFrame(() => {
        const moved = pixels;
        pixels = 0;
        frame = 0;
        onScroll(moved);
      });
    };
    const wheel = (event: WheelEvent) => {
      // Sideways it scrolls by itself; with Ctrl the page is zoomed.
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      add(event.deltaY * ([1, LINE_HEIGHT, element.clientHeight][event.deltaMode] ?? 1));
    };
    let touchY: number | undefined;
    const touch = (event: TouchEvent) => {
      const y = event.touches[0]?.clientY;
      if (y !== undefined && touchY !== undefined) add(touchY - y);
      touchY = event.type === 'touchend' ? undefined : y;
    };
    const stay = () => {
      element.scrollTop = 0;
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('scroll', stay);
    for (const name of ['touchstart', 'touchmove', 'touchend'] as const) element.addEventListener(name, touch);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('scroll', stay);
      for (const name of ['touchstart', 'touchmove', 'touchend'] as const) element.removeEventListener(name, touch);
    };
  }, [box, onScroll]);
}
