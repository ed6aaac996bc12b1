import { readFileSync } from 'node:fs';
import type { Setting, SettingChanges, Settings } from '../../../shared/contract/settings.ts';
import { DESKTOP_DEFAULTS } from '../../../shared/options/desktop-defaults.ts';
import { type OptionName, optionsOf } from '../../../shared/options/index.ts';
import type { OptionRow } from '../../../shared/options/option.ts';
import { type ConfigSources, loadConfig, type Reading, readFileOf, readOption } from '../../agent/config/config.ts';
import { parseTyped } from '../../agent/config/value.ts';

/** Every option that can be saved: the agent's and the app's own, in the order of the table. */
export const SETTINGS: readonly OptionRow[] = [...optionsOf('start'), ...optionsOf('app')].filter(
  (row) => !row.notInFile,
);

/** Where values come from: variables of the app's environment, the file that they may name, and what is saved. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string>>;
  readonly saved: Readonly<Record<string, unknown>>;
}

export interface Problem {
  /** Of the setting; empty where it is about several together. */
  readonly name: string;
  readonly problem: string;
}

/** The settings as a window shows them. No secret is in it, nor a text that somebody took for one. */
export function settingsForm(sources: SettingSources): Pick<Settings, 'settings' | 'problem'> {
  const all = withDefaults(sources);
  const file = readFileOf(all);
  const read = (row: OptionRow) => readOption(row, all, file.ok ? file : { ok: true, path: '', entries: {} });
  return {
    settings: SETTINGS.map((row) => settingOf(row, read(row), sources.saved)),
    problem: problemOf(sources)?.problem ?? '',
  };
}

/** The values that are in force, by name; the default where one makes no sense. The token is among them. */
export function valuesInForce(sources: SettingSources): ReadonlyMap<string, unknown> {
  const all = withDefaults(sources);
  const file = readFileOf(all);
  return new Map(
    SETTINGS.map((row) => {
      const { value } = readOption(row, all, file.ok ? file : { ok: true, path: '', entries: {} });
      return [row.name, value.ok ? value.value : row.default];
    }),
  );
}

/** What is wrong with changes: each by itself, and what is saved together with them where that was right before. */
export function problemsOf(changes: SettingChanges, sources: SettingSources): readonly Problem[] {
  const single = Object.entries(changes).flatMap(([name, value]) => {
    const row = SETTINGS.find((candidate) => candidate.name === name);
    if (!row) return [{ name, problem: 'there is no such setting' }];
    if (value === null) return [];
    const parsed = parseTyped(row, value);
    return parsed.ok ? [] : [{ name, problem: `allowed is ${parsed.allowed}` }];
  });
  if (single.length > 0) return single;
  const before = problemOf(sources);
  const after = problemOf({ ...sources, saved: { ...sources.saved, ...changes } });
  return after && after.problem !== before?.problem && !after.isIncomplete ? [after] : [];
}

/** Names of the settings that changes would really change. */
export function changedBy(changes: SettingChanges, saved: Readonly<Record<string, unknown>>): readonly OptionRow[] {
  return SETTINGS.filter(
    ({ name }) => name in changes && JSON.stringify(changes[name] ?? null) !== JSON.stringify(saved[name] ?? null),
  );
}

function settingOf(row: OptionRow, { value, origin }: Reading, saved: SettingSources['saved']): Setting {
  const isDefault = origin.source === 'default' || (origin.source === 'saved' && !(row.name in saved));
  return {
    name: row.name,
    isSet: value.ok && value.value !== '' && !isDefault,
    origin: isDefault ? { source: 'default', where: "the app's default" } : origin,
    locked: !isDefault && origin.source !== 'saved',
    ...(value.ok && row.type !== 'secret' ? { value: copy(value.value) } : {}),
    ...(value.ok ? {} : { problem: `${origin.where}: allowed is ${value.allowed}` }),
  };
}

function copy(value: string | number | boolean | readonly string[]): NonNullable<Setting['value']> {
  return typeof value === 'object' ? [...value] : value;
}

/** What keeps the agent from beginning. `isIncomplete`: something is missing, which is no reason against saving another thing. */
function problemOf(sources: SettingSources): (Problem & { readonly isIncomplete: boolean }) | undefined {
  const loaded = loadConfig(withDefaults(sources));
  if (loaded.ok) return undefined;
  const [, name = ''] = /^([a-z-]+)[: (]/.exec(loaded.problem) ?? [];
  const isKnown = SETTINGS.some((row) => row.name === (name as OptionName));
  return { name: isKnown ? name : '', problem: loaded.problem, isIncomplete: / is missing /.test(loaded.problem) };
}

function withDefaults({ env, saved }: SettingSources): ConfigSources {
  return {
    command: 'start',
    flags: [],
    env,
    saved: { ...DESKTOP_DEFAULTS, ...saved },
    readFile: (path) => readFileSync(path, 'utf8'),
  };
}
