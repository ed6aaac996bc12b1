import { parseArgs } from 'node:util';
import { optionsOf } from '../../../shared/options/index.ts';
import type { OptionCommand } from '../../../shared/options/option.ts';
import { didYouMean } from './did-you-mean.ts';

export const COMMANDS = ['start', 'run', 'practice', 'version', 'help'] as const;
export type CommandName = (typeof COMMANDS)[number];

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

/** Flags of single commands that are no settings of the agent. */
const COMMAND_FLAGS: Readonly<Record<string, Readonly<Record<string, 'flag' | 'text'>>>> = {
  practice: { port: 'text', token: 'text', 'exit-when-done': 'flag', 'log-folder': 'text' },
};

/** Cuts a command line up. What the values mean is looked at later, together with variables and files. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first = 'help', ...rest] = argv;
  if (first === '--version' || first === '-v') return { ok: true, command: 'version', flags: [], files: [] };
  if (first === '--help' || first === '-h') return { ok: true, command: 'help', flags: [], files: rest };
  const command = COMMANDS.find((name) => name === first);
  if (!command)
    return {
      ok: false,
      problem: `Unknown command ${JSON.stringify(first)}${didYouMean(first, COMMANDS)}. Commands: ${COMMANDS.join(', ')}`,
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
  const problem = (text: string): CommandLine => ({ ok: false, problem: text });
  if (command === 'run' && files.length !== 1) return problem('Say which job to run: signalbox run job.yml');
  if (command === 'practice' && files.length === 0)
    return problem('Say which jobs to give out: signalbox practice job.yml…');
  if ((command === 'start' || command === 'version') && files.length > 0) {
    return problem(`signalbox ${command} takes no argument ${JSON.stringify(files[0])}`);
  }
  return { ok: true, command, flags, files };
}

function knownFlags(command: CommandName): ReadonlyMap<string, 'flag' | 'text'> {
  const table: OptionCommand | undefined = command === 'start' ? 'start' : undefined;
  const rows = table ? optionsOf(table).map((row) => [row.name, row.type === 'flag' ? 'flag' : 'text'] as const) : [];
  return new Map<string, 'flag' | 'text'>([...rows, ...Object.entries(COMMAND_FLAGS[command] ?? {})]);
}
