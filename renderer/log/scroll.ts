/** How far a view is scrolled: to the end, wherever that is, or to a row, of which so many pixels are above the edge. */
export type ScrollPlace =
  | { readonly kind: 'end' }
  | { readonly kind: 'at'; readonly row: number; readonly offset: number };

export interface ScrollSpace {
  readonly rows: number;
  /** Of the view, in px. */
  readonly height: number;
  /** Of a row, in px: as it was measured, or as a row is that nobody has seen. */
  readonly heightOf: (row: number) => number;
}

export const TOP: ScrollPlace = { kind: 'at', row: 0, offset: 0 };
export const END = { kind: 'end' } as const satisfies ScrollPlace;

/** The place so many pixels farther down (or up). At the end it is the end; above the begin there is nothing. */
export function scrolledBy(place: ScrollPlace, pixels: number, space: ScrollSpace): ScrollPlace {
  const from = place.kind === 'end' ? endPlace(space) : place;
  if (place.kind === 'end' && pixels >= 0) return END;
  let { row, offset } = from;
  offset += pixels;
  while (offset < 0 && row > 0) {
    row -= 1;
    offset += space.heightOf(row);
  }
  while (row < space.rows - 1 && offset >= space.heightOf(row)) {
    offset -= space.heightOf(row);
    row += 1;
  }
  return settled({ kind: 'at', row, offset: Math.max(0, offset) }, space);
}

/** Scrolled so little that a row is in view; a row that is far away comes to the middle. */
export function scrolledIntoView(place: ScrollPlace, row: number, space: ScrollSpace): ScrollPlace {
  const from = place.kind === 'end' ? endPlace(space) : place;
  let below = -from.offset;
  for (let n = from.row; n < row && below < space.height; n += 1) below += space.heightOf(n);
  const isVisible = row > from.row && below + space.heightOf(row) <= space.height;
  if (isVisible || (row === from.row && from.offset === 0)) return place;
  return scrolledBy({ kind: 'at', row, offset: 0 }, -Math.max(0, space.height / 2 - space.heightOf(row)), space);
}

/** The place where the last row ends at the lower edge. */
export function endPlace({ rows, height, heightOf }: ScrollSpace): Extract<ScrollPlace, { kind: 'at' }> {
  let row = rows;
  let left = height;
  while (row > 0 && left > 0) {
    row -= 1;
    left -= heightOf(row);
  }
  return { kind: 'at', row, offset: Math.max(0, -left) };
}

/** How far down that is, from 0 to 1, by rows. */
export function fractionOf(place: ScrollPlace, space: ScrollSpace): number {
  const end = endPlace(space);
  const last = end.row + end.offset / space.heightOf(end.row);
  if (place.kind === 'end') return last > 0 ? 1 : 0;
  return last > 0 ? Math.min(1, (place.row + place.offset / space.heightOf(place.row)) / last) : 0;
}

/** The place that is so far down, from 0 to 1. */
export function placeAt(fraction: number, space: ScrollSpace): ScrollPlace {
  if (fraction >= 1) return END;
  const end = endPlace(space);
  const at = Math.max(0, fraction) * (end.row + end.offset / space.heightOf(end.row));
  const row = Math.floor(at);
  return { kind: 'at', row, offset: (at - row) * space.heightOf(row) };
}

function settled(place: Extract<ScrollPlace, { kind: 'at' }>, space: ScrollSpace): ScrollPlace {
  let below = -place.offset;
  for (let row = place.row; row < space.rows; row += 1) {
    below += space.heightOf(row);
    if (below > space.height) return place;
  }
  return place.row === 0 && place.offset === 0 ? TOP : END;
}
