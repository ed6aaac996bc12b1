import type { Variant } from '@jellybrick/dbus-next';
import { plain } from './bus-values.ts';

/** An entry of the tray's menu, as it is on the bus. */
export interface MenuEntry {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  /** Undefined for what is no tick box. */
  readonly checked: boolean | undefined;
  /** Of a submenu. */
  readonly items: readonly MenuEntry[];
}

/** Entries as they are on the bus, separators left out. An underscore marks a key there, a pair of them is one. */
export function entriesOf(children: readonly Variant[]): readonly MenuEntry[] {
  return children
    .map(({ value }) => value as [number, Record<string, Variant>, Variant[]])
    .map(([id, properties, below]) => ({ id, properties: plain(properties) as Record<string, unknown>, below }))
    .filter(({ properties }) => typeof properties.label === 'string' && properties.label !== '')
    .map(({ id, properties, below }) => ({
      id,
      label: String(properties.label),
      enabled: properties.enabled !== false,
      checked: 'toggle-state' in properties ? properties['toggle-state'] === 1 : undefined,
      items: entriesOf(below),
    }));
}

/** The entry to which these labels lead, through submenus; undefined where one of them is not there, or disabled. */
export function entryAt(menu: readonly MenuEntry[], path: readonly string[]): MenuEntry | undefined {
  const [label, ...rest] = path;
  const found = menu.find((candidate) => candidate.label === label && candidate.enabled);
  return found && rest.length > 0 ? entryAt(found.items, rest) : found;
}
