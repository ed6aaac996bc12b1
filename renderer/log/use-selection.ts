import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { TextPlace } from '../../shared/contract/log.ts';
import { LINE_END, type TextSelection, wordAt } from './selection.ts';

/** While a selection is dragged beyond an edge, the log moves so often, in ms. */
const DRAG_MS = 30;

export interface SelectionHook {
  readonly selection: TextSelection | undefined;
  select(selection: TextSelection | undefined): void;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: () => void;
}

/**
 * Selecting with the mouse: the page's own selection ends where elements end that are drawn, and those of a long log come and
 * go. `scrollBy` moves the log while one drags beyond its edge; `textOf` is the text of a line that is in view.
 */
export function useSelection(scrollBy: (pixels: number) => void, textOf: (line: number) => string): SelectionHook {
  const [selection, select] = useState<TextSelection>();
  const drag = useRef<{ anchor: TextPlace; x: number; y: number; element: HTMLElement } | undefined>(undefined);
  const extend = () => {
    const dragged = drag.current;
    if (!dragged) return;
    const { anchor, x, y, element } = dragged;
    const edges = element.getBoundingClientRect();
    const head = placeAtPoint(x, Math.min(edges.bottom - 4, Math.max(edges.top + 4, y)));
    if (head) select({ anchor, head });
    const beyond = y < edges.top ? y - edges.top : y > edges.bottom ? y - edges.bottom : 0;
    if (beyond !== 0) scrollBy(beyond);
  };
  const latest = useRef(extend);
  latest.current = extend;
  useEffect(() => {
    const timer = setInterval(() => {
      const edges = drag.current?.element.getBoundingClientRect();
      const y = drag.current?.y ?? 0;
      if (edges && (y < edges.top || y > edges.bottom)) latest.current();
    }, DRAG_MS);
    return () => clearInterval(timer);
  }, []);
  return {
    selection,
    select,
    onPointerDown(event) {
      const target = event.target as Element;
      if (event.button !== 0 || event.pointerType === 'touch' || target.closest('button, a')) return;
      const place = placeAtPoint(event.clientX, event.clientY);
      if (!place) return;
      const anchor = event.shiftKey && selection ? selection.anchor : place;
      const whole = wholeOf(event, place, textOf);
      const isNumber = target.closest('[data-number]') !== null;
      select(whole ?? { anchor, head: isNumber ? { line: place.line, column: LINE_END } : place });
      if (whole) return;
      drag.current = { anchor, x: event.clientX, y: event.clientY, element: event.currentTarget };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove({ clientX, clientY }) {
      if (!drag.current) return;
      Object.assign(drag.current, { x: clientX, y: clientY });
      extend();
    },
    onPointerUp() {
      drag.current = undefined;
    },
  };
}

/** A double click selects a word; a third one, or one on its number, a line. */
function wholeOf(event: PointerEvent, place: TextPlace, textOf: (line: number) => string): TextSelection | undefined {
  const { line } = place;
  if ((event.target as Element).closest('[data-number]') && !event.shiftKey) return selectionOf(line, 0, LINE_END);
  // The count of clicks comes with mouse events only, and a pointer event is one.
  const clicks = event.nativeEvent.detail || clicksOf(event);
  if (clicks >= 3) return selectionOf(line, 0, LINE_END);
  if (clicks !== 2) return undefined;
  const { start, end } = wordAt(textOf(line), place.column);
  return selectionOf(line, start, end);
}

function selectionOf(line: number, start: number, end: number): TextSelection {
  return { anchor: { line, column: start }, head: { line, column: end } };
}

let last = { time: 0, x: 0, y: 0, clicks: 0 };

function clicksOf({ timeStamp, clientX, clientY }: PointerEvent): number {
  const isSame = timeStamp - last.time < 500 && Math.abs(clientX - last.x) + Math.abs(clientY - last.y) < 8;
  last = { time: timeStamp, x: clientX, y: clientY, clicks: isSame ? last.clicks + 1 : 1 };
  return last.clicks;
}

/** The place in the log's text at a point of the page. */
function placeAtPoint(x: number, y: number): TextPlace | undefined {
  const row = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-line]');
  const line = Number(row?.dataset.line);
  if (!row || Number.isNaN(line)) return undefined;
  const range = document.caretRangeFromPoint(x, y);
  const piece = range && elementOf(range.startContainer)?.closest<HTMLElement>('[data-start]');
  if (range && piece && row.contains(piece)) return { line, column: Number(piece.dataset.start) + range.startOffset };
  const text = row.querySelector('[data-start]');
  return { line, column: text && x > text.getBoundingClientRect().left ? LINE_END : 0 };
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}
