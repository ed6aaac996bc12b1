import type { OptionName, OptionValues } from '../../../shared/options/index.ts';
import { optionsOf } from '../../../shared/options/index.ts';
import { type OptionCommand, type OptionRow, variableName } from '../../../shared/options/option.ts';
import { checkTogether } from './check.ts';
import type { GivenFlag } from './command-line.ts';
import { type ReadFile, readConfigFile } from './config-file.ts';
import { type ParsedValue, parseText, parseTyped } from './value.ts';

/** Where a value comes from, the strongest first. `where`: the flag, the variable or the file, for people to read. */
export interface Origin {
  readonly source: 'flag' | 'variable' | 'file' | 'saved' | 'default';
  readonly where: string;
}

/** The configuration of an agent: a value for every option, and where each came from. */
export interface Config {
  readonly values: OptionValues;
  readonly origins: Readonly<Record<OptionName, Origin>>;
  /** One line each: what was understood, but is not wise. */
  readonly warnings: readonly string[];
}

/** A configuration, or one line that names the key, where it came from and what is allowed. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problem: string };

export interface ConfigSources {
  readonly command: OptionCommand;
  readonly flags: readonly GivenFlag[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the desktop app has saved, by option name. */
  readonly saved?: Readonly<Record<string, unknown>>;
  /** Reads a text file; throws as Node does. */
  readonly readFile: (path: string) => string;
}

/** A value where it was found, checked by itself. */
export interface Reading {
  readonly value: ParsedValue;
  readonly origin: Origin;
}

/** Reads and checks the whole configuration. Never throws for what a user wrote, and starts nothing. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const rows = optionsOf(sources.command);
  const file = readFileOf(sources);
  if (!file.ok) return file;
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const row of rows) {
    const reading = readOption(row, sources, file);
    if (!reading.value.ok) return refused(row, reading.origin, reading.value.allowed);
    values[row.name] = reading.value.value;
    origins[row.name] = reading.origin;
  }
  return checkTogether(
    { values: values as OptionValues, origins: origins as Config['origins'], warnings: [] },
    sources,
  );
}

/** The file that `config-file` names; an empty one where it names none. The app's options may stand in it too. */
export function readFileOf(sources: ConfigSources): ReadFile {
  const rows = [...optionsOf(sources.command), ...optionsOf('app')];
  const fileOption = rows.find(({ name }) => name === 'config-file');
  const path = fileOption && (readFlag(fileOption, sources.flags) ?? readVariable(fileOption, sources.env));
  return path?.value.ok ? readConfigFile(String(path.value.value), rows, sources.readFile) : EMPTY_FILE;
}

/** The strongest of the values that an option was given. */
export function readOption(
  row: OptionRow,
  { flags, env, saved }: ConfigSources,
  file: Extract<ReadFile, { ok: true }>,
): Reading {
  return (
    readFlag(row, flags) ??
    readVariable(row, env) ??
    readFrom(row, file.entries, { source: 'file', where: file.path }) ??
    readFrom(row, saved ?? {}, { source: 'saved', where: 'the saved settings' }) ?? {
      value: { ok: true, value: row.default },
      origin: { source: 'default', where: 'the default' },
    }
  );
}

const EMPTY_FILE: ReadFile = { ok: true, path: '', entries: {} };

function refused(row: OptionRow, origin: Origin, allowed: string): LoadedConfig {
  return { ok: false, problem: `${row.name} (from ${origin.where}) is not understood; allowed is ${allowed}` };
}

/** The last of several flags counts; of lists all do. */
function readFlag(row: OptionRow, flags: readonly GivenFlag[]): Reading | undefined {
  const given = flags.filter(({ name }) => name === row.name);
  const origin: Origin = { source: 'flag', where: `the flag --${row.name}` };
  const last = given.at(-1);
  if (!last) return undefined;
  if (row.type !== 'list') return { value: parseText(row, last.text, 'flag'), origin };
  const entries: string[] = [];
  for (const { text } of given) {
    const value = parseText(row, text, 'flag');
    if (!value.ok) return { value, origin };
    entries.push(...(value.value as readonly string[]));
  }
  return { value: { ok: true, value: entries }, origin };
}

/** An empty variable counts as none, as with the reference agent. */
function readVariable(row: OptionRow, env: ConfigSources['env']): Reading | undefined {
  const name = variableName(row.name);
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  return { value: parseText(row, text, 'variable'), origin: { source: 'variable', where: `the variable ${name}` } };
}

function readFrom(row: OptionRow, entries: Readonly<Record<string, unknown>>, origin: Origin): Reading | undefined {
  const value = entries[row.name];
  return value === undefined || value === null ? undefined : { value: parseTyped(row, value), origin };
}
