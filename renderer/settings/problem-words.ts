import type { OptionName } from '../../shared/options/index.ts';
import { labelOf, rowOf, SETTINGS_GROUPS } from './settings-groups.ts';

/** What is wrong with settings, in the words of the window. */
export interface SettingsProblem {
  /** The setting where it is to be told; undefined where it is about none that has a field. */
  readonly name: OptionName | undefined;
  readonly text: string;
}

/** Longer names first: they begin like shorter ones. */
const NAMES = SETTINGS_GROUPS.flatMap(({ rows }) => rows.map(({ name }) => name)).sort((a, b) => b.length - a.length);
/** A name that is a word of its own, not one that the sentence needs. */
const NAME_IN_TEXT = new RegExp(
  `(?<![\\w-])(?:${NAMES.filter((name) => name.includes('-')).join('|')})(?![\\w-])`,
  'g',
);

/**
 * The agent speaks of options by their names, and of flags and variables to give them with; a window has fields. What begins
 * with the name of an option is about that field.
 */
export function settingsProblem(problem: string): SettingsProblem {
  const [, named = '', isAside = '', rest = ''] = /^([a-z-]+)(?: \(from [^)]*\))?(:)? (.*)$/s.exec(problem) ?? [];
  const row = rowOf(named);
  if (!row) return { name: undefined, text: withLabels(problem) };
  if (rest.startsWith('is missing')) return { name: row.name, text: 'It cannot be empty' };
  const text = isAside ? `${rest.charAt(0).toUpperCase()}${rest.slice(1)}` : `It ${rest}`;
  return { name: row.name, text: withLabels(text) };
}

/** The same on a page that does not have the field. */
export function problemElsewhere({ name, text }: SettingsProblem): string {
  if (name === undefined) return text;
  const group = SETTINGS_GROUPS.find(({ rows }) => rows.some((row) => row.name === name));
  return `${group?.id ?? ''}, “${labelOf(name)}”: ${text}`;
}

function withLabels(text: string): string {
  return text.replace(NAME_IN_TEXT, (name) => `“${labelOf(name as OptionName)}”`);
}
