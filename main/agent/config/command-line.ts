import { parseArgs } from 'node:util';
import { COMMAND_NAMES, type CommandFlag, type CommandName, commandOf, optionRows } from './commands.ts';
import { didYouMean } from './did-you-mean.ts';
import { type ParsedValue, parseBoolean } from './value.ts';

/** A flag as it was given; a flag of its own (`--no-https`) has the text `true`. */
export interface GivenFlag {
  readonly name: string;
  readonly text: string;
}

export type CommandLine =
  | {
      readonly ok: true;
      readonly command: CommandName;
      readonly flags: readonly GivenFlag[];
      readonly files: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

/** Cuts a command line up. What the values mean is looked at later, together with variables and files. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first = 'help', ...rest] = argv;
  if (first === '--version' || first === '-v') return { ok: true, command: 'version', flags: [], files: [] };
  if (first === '--help' || first === '-h') return parseRest('help', rest);
  const command = commandNamed(first);
  return command ? parseRest(command, rest) : { ok: false, problem: unknownCommand(first) };
}

/** The command of that name; undefined where there is none. */
export function commandNamed(word: string): CommandName | undefined {
  return COMMAND_NAMES.find((name) => name === word);
}

/** One line for a word that names no command. */
export function unknownCommand(word: string): string {
  const hint = didYouMean(word, COMMAND_NAMES);
  return `Unknown command ${JSON.stringify(word)}${hint}. Commands: ${COMMAND_NAMES.join(', ')}`;
}

/** The text of a flag, the last where it was given more than once; undefined where it was not. */
export function textOf(flags: readonly GivenFlag[], name: string): string | undefined {
  return flags.filter((flag) => flag.name === name).at(-1)?.text;
}

/** Whether a command's own flag was given, and not as `--name=false`. */
export function isOn(flags: readonly GivenFlag[], name: string): boolean {
  return textOf(flags, name) === 'true';
}

function parseRest(command: CommandName, argv: readonly string[]): CommandLine {
  const known = knownFlags(command);
  const options = Object.fromEntries(
    [...known].map(([name, type]) => [name, { type: type === 'flag' ? 'boolean' : 'string' } as const]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const flags: GivenFlag[] = [];
  const files: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'h') return { ok: true, command: 'help', flags: [], files: [command] };
    const type = known.get(token.name);
    if (!type)
      return {
        ok: false,
        problem: `Unknown flag ${token.rawName}${didYouMean(token.name, [...known.keys()], '--')}. See signalbox help ${command}`,
      };
    if (token.value === undefined && type !== 'flag')
      return { ok: false, problem: `The flag ${token.rawName} needs a value` };
    const checked = checkOwn(
      commandOf(command).flags?.find(({ name }) => name === token.name),
      token.value ?? 'true',
    );
    if (!checked.ok) return { ok: false, problem: `The flag ${token.rawName} takes ${checked.allowed}` };
    flags.push({ name: token.name, text: String(checked.value) });
  }
  return checkFiles(command, flags, files);
}

/** Flags that are no settings have their forms here; what settings mean is seen when all of them are together. */
function checkOwn(flag: CommandFlag | undefined, text: string): ParsedValue {
  if (flag?.type === 'flag') return parseBoolean(text);
  if (!flag?.choices || flag.choices.includes(text)) return { ok: true, value: text };
  return { ok: false, allowed: `one of ${flag.choices.join(', ')}` };
}

function checkFiles(command: CommandName, flags: readonly GivenFlag[], files: readonly string[]): CommandLine {
  const { minimum, maximum, missing } = commandOf(command).arguments ?? { minimum: 0, maximum: 0, missing: '' };
  if (files.length < minimum) return { ok: false, problem: missing };
  if (files.length > maximum) {
    const surplus = JSON.stringify(files[maximum]);
    return { ok: false, problem: `signalbox ${command} does not know what to do with ${surplus}` };
  }
  return { ok: true, command, flags, files };
}

function knownFlags(command: CommandName): ReadonlyMap<string, 'flag' | 'text'> {
  const rows = [...optionRows(command), ...(commandOf(command).flags ?? [])];
  return new Map(rows.map(({ name, type }) => [name, type === 'flag' ? 'flag' : 'text']));
}
