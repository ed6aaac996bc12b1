import { create } from 'zustand';
import type { Settings } from '../../shared/contract/settings.ts';
import type { Draft, FieldValue } from './draft.ts';

interface SettingsSlice {
  /** Undefined before main has told them. */
  readonly settings: Settings | undefined;
  /** What was typed and not saved. It stays while other views are looked at. */
  readonly draft: Draft;
  /** What main found wrong with the last save, by option. */
  readonly refused: Readonly<Record<string, string>>;
  /** What became of the last thing that was done, in a line. */
  readonly outcome: string;
  readonly group: string;
  take(settings: Settings): void;
  edit(name: string, value: FieldValue): void;
  /** As if nothing had been typed. */
  discard(outcome?: string): void;
}

/** The settings as main has them, and what its user is about to make of them. */
export const useSettings = create<SettingsSlice>()((set) => ({
  settings: undefined,
  draft: {},
  refused: {},
  outcome: '',
  group: 'Connection',
  take: (settings) => set((slice) => ((slice.settings?.version ?? -1) > settings.version ? slice : { settings })),
  edit: (name, value) =>
    set(({ draft, refused: { [name]: _mended, ...refused } }) => ({
      draft: { ...draft, [name]: value },
      refused,
      outcome: '',
    })),
  discard: (outcome = '') => set({ draft: {}, refused: {}, outcome }),
}));

/** What became of the last thing is of no interest to who comes back, unless something is left to do. */
export function forgetOutcome(): void {
  useSettings.setState(({ draft, outcome }) => ({ outcome: Object.keys(draft).length > 0 ? outcome : '' }));
}

/** Whether something goes over what is saved of a setting; of what is not known yet it does. */
export function isLocked(name: string): (slice: SettingsSlice) => boolean {
  return ({ settings }) => settings?.settings.find((one) => one.name === name)?.locked ?? true;
}

/** Takes one field back. */
export function forget(name: string): void {
  useSettings.setState(({ draft: { [name]: _gone, ...draft } }) => ({ draft }));
}
