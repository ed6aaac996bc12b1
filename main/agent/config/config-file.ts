import type { OptionRow } from '../../../shared/options/option.ts';
import { didYouMean } from './did-you-mean.ts';
import { lineAndColumn, placeOfKey, readYaml } from './read-yaml.ts';
import { parseText } from './value.ts';

export type ReadFile =
  | { readonly ok: true; readonly path: string; readonly entries: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: string };

/** Reads a YAML file of options. Values are checked by whoever takes them; here it is syntax and names. */
export function readConfigFile(path: string, rows: readonly OptionRow[], readFile: (path: string) => string): ReadFile {
  const refused = (why: string): ReadFile => ({ ok: false, problem: `${path}: ${why}` });
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return refused(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  const yaml = readYaml(text);
  if (!yaml.ok) return refused(yaml.problem);
  const entries = yaml.content ?? {};
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) {
    return refused('must hold options, one `name: value` a line');
  }
  const known = new Map(rows.filter((row) => !row.notInFile).map((row) => [row.name as string, row]));
  const unknown = Object.keys(entries).find((name) => !known.has(name));
  if (unknown !== undefined) {
    const where = lineAndColumn(text, placeOfKey(yaml.document, [unknown]));
    return refused(`unknown option ${JSON.stringify(unknown)}${didYouMean(unknown, [...known.keys()])}, at ${where}`);
  }
  const read = Object.entries(entries).map(([name, value]) => [name, unquoted(known.get(name), value)]);
  return { ok: true, path, entries: Object.fromEntries(read) as Readonly<Record<string, unknown>> };
}

/**
 * A text where another type belongs is read as in a variable: `"true"`, `"30"`, or a list in one line. Templates that fill in
 * files quote everything, and the reference agent takes it. What is not understood stays, and is refused with its place.
 */
function unquoted(row: OptionRow | undefined, value: unknown): unknown {
  if (row === undefined || typeof value !== 'string') return value;
  const parsed = parseText(row, value, 'variable');
  return parsed.ok ? parsed.value : value;
}
