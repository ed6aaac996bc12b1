/** Jobs that are chosen to do something with together. */
export interface Selection {
  /** Of jobs. */
  readonly keys: ReadonlySet<string>;
  /** The one from which a range goes; empty for none. */
  readonly anchor: string;
}

export const NOTHING_SELECTED: Selection = { keys: new Set(), anchor: '' };

/** With one more, or one less. */
export function toggled({ keys }: Selection, key: string): Selection {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return { keys: next, anchor: key };
}

/** All from the anchor to this one, whichever comes first in the list, and no other. */
export function extendedTo({ anchor }: Selection, key: string, list: readonly string[]): Selection {
  const from = Math.max(0, list.indexOf(list.includes(anchor) ? anchor : key));
  const to = Math.max(0, list.indexOf(key));
  const range = list.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { keys: new Set(range), anchor: list[from] ?? '' };
}

/** Everything in the list; or nothing, where that was everything already. */
export function allOrNothing({ keys }: Selection, list: readonly string[]): Selection {
  const isAll = list.length > 0 && list.every((key) => keys.has(key));
  return isAll ? NOTHING_SELECTED : { keys: new Set(list), anchor: list[0] ?? '' };
}
