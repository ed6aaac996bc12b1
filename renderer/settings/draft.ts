import type { SettingChanges, SettingValue } from '../../shared/contract/settings.ts';
import type { ListRow, OptionRow } from '../../shared/options/option.ts';
import { rowOf, type SettingRow } from './settings-groups.ts';

/** What stands in a field: a switch is true or false, all else is text; a list has a line for each entry. Null: the default. */
export type FieldValue = string | boolean | null;

/** Fields that were changed and are not saved, by the name of their option. */
export type Draft = Readonly<Record<string, FieldValue>>;

/** A value as a field shows it. */
export function fieldValueOf(value: SettingValue | readonly string[] | undefined): string | boolean {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value;
  return typeof value === 'object' ? value.join('\n') : String(value);
}

/** What is wrong with a field's text, in one line; undefined where nothing is that can be seen from here. */
export function problemOf(row: SettingRow, value: FieldValue): string | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (row.name === 'name' && value !== '' && (value.length < 8 || value.length > 80))
    return `A name has 8 to 80 characters; this one has ${value.length}`;
  if (row.required && row.type !== 'secret' && value.trim() === '') return 'It cannot be empty';
  if (row.type === 'number') return numberProblem(row, value.trim());
  if (row.type !== 'list') return undefined;
  const wrong = entriesOf(value).find((entry) => !isEntry(row, entry));
  return wrong === undefined ? undefined : `“${wrong}” is not ${ENTRY_WORDS[row.entry]}`;
}

/** What is to be saved of a draft whose fields have no problem. */
export function changesOf(draft: Draft): SettingChanges {
  const entries = Object.entries(draft).map(([name, value]) => [name, settingValueOf(rowOf(name), value)] as const);
  return Object.fromEntries(entries);
}

function settingValueOf(row: OptionRow | undefined, value: FieldValue): SettingValue | null {
  if (value === null || typeof value === 'boolean') return value;
  if (row?.type === 'number') return value.trim() === '' ? null : Number(value);
  return row?.type === 'list' ? entriesOf(value) : value.trim();
}

function numberProblem(row: Extract<OptionRow, { type: 'number' }>, text: string): string | undefined {
  const { minimum, maximum = Number.MAX_SAFE_INTEGER } = row;
  if (text === '') return undefined;
  if (!/^-?\d+$/.test(text)) return 'It must be a whole number';
  if (Number(text) < minimum) return `It must be at least ${minimum}`;
  return Number(text) > maximum ? `It must be at most ${maximum}` : undefined;
}

const ENTRY_WORDS: Readonly<Record<ListRow['entry'], string>> = {
  text: 'an entry',
  pair: 'of the form NAME=VALUE',
  mount: 'of the form HOST:CONTAINER',
  pattern: 'a regular expression',
};

function isEntry({ entry }: ListRow, text: string): boolean {
  if (entry === 'pair') return /^[^=]+=/.test(text);
  if (entry === 'mount') return /^(?:[A-Za-z]:)?[^:]+:.+$/.test(text);
  if (entry !== 'pattern') return true;
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function entriesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
