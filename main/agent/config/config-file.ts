import type { OptionRow } from '../../../shared/options/option.ts';
import { didYouMean } from './did-you-mean.ts';
import { lineAndColumn, placeOfKey, readYaml } from './read-yaml.ts';

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
  const known = rows.filter((row) => !row.notInFile).map(({ name }) => name);
  const unknown = Object.keys(entries).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const where = lineAndColumn(text, placeOfKey(yaml.document, [unknown]));
    return refused(`unknown option ${JSON.stringify(unknown)}${didYouMean(unknown, known)}, at ${where}`);
  }
  return { ok: true, path, entries: entries as Readonly<Record<string, unknown>> };
}
