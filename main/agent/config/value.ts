import type { ListRow, NumberRow, OptionRow } from '../../../shared/options/option.ts';
import { parseCsvLine } from './csv.ts';

/** A value as it was read, or what would be allowed in its place. Never holds what was given: that may be secret. */
export type ParsedValue =
  | { readonly ok: true; readonly value: string | boolean | number | readonly string[] }
  | { readonly ok: false; readonly allowed: string };

/** Where a text came from decides how lists are cut. */
export type TextSource = 'flag' | 'variable';

/** A value given as text, on the command line or in a variable. */
export function parseText(row: OptionRow, text: string, source: TextSource): ParsedValue {
  switch (row.type) {
    case 'flag':
      return parseBoolean(text);
    case 'number':
      return /^[+-]?\d+$/.test(text) ? checkNumber(row, Number(text)) : notNumber(row);
    case 'list': {
      const entries = source === 'flag' ? parseCsvLine(text) : cutVariable(row, text);
      return entries ? checkList(row, entries) : { ok: false, allowed: 'a comma-separated list with whole quotes' };
    }
    default:
      return checkText(row, text);
  }
}

/** A value of a YAML or settings file, with the types that such files have. */
export function parseTyped(row: OptionRow, value: unknown): ParsedValue {
  switch (row.type) {
    case 'flag':
      return typeof value === 'boolean' ? { ok: true, value } : { ok: false, allowed: 'true or false' };
    case 'number':
      return typeof value === 'number' ? checkNumber(row, value) : notNumber(row);
    case 'list':
      if (!Array.isArray(value) || !value.every(isPlain)) return { ok: false, allowed: 'a list of texts' };
      return checkList(row, value.map(String));
    default:
      return isPlain(value) ? checkText(row, String(value)) : { ok: false, allowed: 'a text' };
  }
}

/** YAML reads `name: 123` as a number: that is a text all the same. */
function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** The words that Go's `strconv.ParseBool` knows. */
export function parseBoolean(text: string): ParsedValue {
  if (/^(1|t|true)$/i.test(text)) return { ok: true, value: true };
  if (/^(0|f|false)$/i.test(text)) return { ok: true, value: false };
  return { ok: false, allowed: 'true or false' };
}

function checkNumber(row: NumberRow, value: number): ParsedValue {
  const fits = Number.isSafeInteger(value) && value >= row.minimum && value <= (row.maximum ?? Number.MAX_SAFE_INTEGER);
  return fits ? { ok: true, value } : notNumber(row);
}

function notNumber(row: NumberRow): ParsedValue {
  const range = row.maximum === undefined ? `not below ${row.minimum}` : `from ${row.minimum} to ${row.maximum}`;
  return { ok: false, allowed: `a whole number, ${range}` };
}

function checkText(row: OptionRow, text: string): ParsedValue {
  if (row.type === 'choice' && !row.choices.includes(text)) {
    return { ok: false, allowed: `one of ${row.choices.join(', ')}` };
  }
  if ('pattern' in row && text !== '' && !row.pattern?.test(text)) {
    return { ok: false, allowed: row.placeholder ?? 'another text' };
  }
  return { ok: true, value: text };
}

function checkList(row: ListRow, entries: readonly string[]): ParsedValue {
  const form = ENTRY_FORMS[row.entry];
  if (!entries.every((entry) => form.fits(entry))) return { ok: false, allowed: `entries like ${form.like}` };
  return { ok: true, value: entries };
}

const ENTRY_FORMS = {
  text: { fits: () => true, like: 'text' },
  pair: { fits: (entry: string) => /^[^=]+=/.test(entry), like: 'NAME=VALUE' },
  mount: { fits: (entry: string) => splitMount(entry) !== undefined, like: 'HOST:CONTAINER' },
  pattern: { fits: isPattern, like: 'a regular expression' },
} as const;

function isPattern(entry: string): boolean {
  try {
    new RegExp(entry);
    return true;
  } catch {
    return false;
  }
}

/** `host:container`, where the host's path may begin with a Windows drive letter; undefined where it is no such thing. */
export function splitMount(entry: string): { readonly host: string; readonly container: string } | undefined {
  const match = /^((?:[A-Za-z]:[\\/])?[^:]+):([^:]+)$/.exec(entry);
  return match?.[1] && match[2] ? { host: match[1], container: match[2] } : undefined;
}

/**
 * Blanks part the entries, as with the reference agent; commas do too where every part between them is an entry of its own:
 * `A=1,B=2` is two, `A=1,2` is one.
 */
function cutVariable(row: ListRow, text: string): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.flatMap((word) => {
    const parts = word.split(',');
    const isEntry = (part: string) => part !== '' && (row.entry === 'text' || ENTRY_FORMS[row.entry].fits(part));
    return parts.every(isEntry) ? parts : [word];
  });
}
