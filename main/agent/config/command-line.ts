import { parseArgs } from 'node:util';
import { COMMAND_NAMES, type CommandName, commandOf, optionRows } from './commands.ts';
import { didYouMean } from './did-you-mean.ts';

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
  if (first === '--help' || first === '-h') return { ok: true, command: 'help', flags: [], files: rest };
  const command = COMMAND_NAMES.find((name) => name === first);
  if (!command)
    return {
      ok: false,
      problem: `Unknown command ${JSON.stringify(first)}${didYouMean(first, COMMAND_NAMES)}. Commands: ${COMMAND_NAMES.join(', ')}`,
    };
  return parseRest(command, rest);
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
    flags.push({ name: token.name, text: token.value ?? 'true' });
  }
  return checkFiles(command, flags, files);
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
