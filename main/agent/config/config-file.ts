import { parseDocument } from 'yaml';
import type { OptionRow } from '../../../shared/options/option.ts';
import { didYouMean } from './did-you-mean.ts';

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
  const document = parseDocument(text, { prettyErrors: false });
  const [broken] = document.errors;
  if (broken) return refused(`is not YAML at ${lineAndColumn(text, broken.pos[0])}`);
  const entries: unknown = document.toJS() ?? {};
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) {
    return refused('must hold options, one `name: value` a line');
  }
  const known = rows.filter((row) => !row.notInFile).map(({ name }) => name);
  const unknown = Object.keys(entries).find((name) => !known.includes(name));
  if (unknown !== undefined) return refused(`unknown option ${JSON.stringify(unknown)}${didYouMean(unknown, known)}`);
  return { ok: true, path, entries: entries as Readonly<Record<string, unknown>> };
}

/** Where a place in a text is, as editors count: from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
