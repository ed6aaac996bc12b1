import { OPTION_GROUPS, type OptionCommand, type OptionRow, variableName } from '../../../shared/options/option.ts';
import { COMMAND_NAMES, type CommandFlag, type CommandName, commandOf, optionRows, usageOf } from './commands.ts';

/** Width of the column of flags, and of the whole. */
const FLAG_COLUMN = 42;
const WIDTH = 100;

/** The help text of a command, or of the program where none is named. */
export function helpText(name: CommandName | undefined): string {
  if (name === undefined) return programHelp();
  const { summary, more, options, flags = [] } = commandOf(name);
  return [
    `${summary}.\n\nUsage: ${usageOf(name)}\n`,
    ...(more === undefined ? [] : [`${wrap(more, WIDTH).join('\n')}\n`]),
    ...(flags.length === 0 ? [] : [`${flags.map(flagLine).join('\n')}\n`]),
    ...(options === undefined ? [] : [`${noteOn(options)}\n${optionHelp(optionRows(name))}`]),
  ].join('\n');
}

const FLAG_EXAMPLES: Readonly<Record<OptionCommand, readonly [flag: string, row: string]>> = {
  start: ['--no-https', 'no-https'],
  app: ['--no-https', 'no-https'],
  serve: ['--port 8443', 'port'],
  run: ['--kubernetes-executor', 'kubernetes-executor'],
};

function noteOn(command: OptionCommand): string {
  const [flag, row] = FLAG_EXAMPLES[command];
  const every = command === 'run' ? 'These flags can' : 'Every flag can';
  const variable = `${every} also be given as a variable (${flag} as ${variableName(row)})`;
  if (command !== 'start') return `${variable}.\nA flag goes over a variable.\n`;
  return (
    `${variable}\nor as a line of the YAML file of --config-file (no-https: true). ` +
    'A flag goes over a variable, a\nvariable over the file.\n'
  );
}

function programHelp(): string {
  const commands = COMMAND_NAMES.map((name) => `  ${name.padEnd(10)} ${commandOf(name).summary}`);
  return [
    'Signalbox runs Semaphore jobs on your own machine.',
    '',
    'Usage: signalbox COMMAND [flags]',
    '',
    ...commands,
    '',
    'signalbox help COMMAND tells more.',
    '',
  ].join('\n');
}

function optionHelp(rows: readonly OptionRow[]): string {
  return OPTION_GROUPS.map((group) => ({ group, members: rows.filter((row) => row.group === group) }))
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => `${group}\n${members.map(optionLine).join('\n')}\n`)
    .join('\n');
}

function optionLine(row: OptionRow): string {
  return line(row, `${row.help}${notes(row)}`);
}

function flagLine(flag: CommandFlag): string {
  return line(flag, flag.choices ? `${flag.help} (${flag.choices.join(', ')})` : flag.help);
}

function line(
  flag: { readonly name: string; readonly type: string; readonly placeholder?: string },
  help: string,
): string {
  const value = flag.type === 'flag' ? '' : ` ${flag.placeholder ?? 'VALUE'}`;
  const [first = '', ...rest] = wrap(help, WIDTH - FLAG_COLUMN);
  return [
    `  --${flag.name}${value}`.padEnd(FLAG_COLUMN) + first,
    ...rest.map((text) => ' '.repeat(FLAG_COLUMN) + text),
  ].join('\n');
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function notes(row: OptionRow): string {
  const found = [
    ...(row.required ? ['required'] : []),
    ...(row.type === 'choice' ? [row.choices.join(', ')] : []),
    ...(row.type === 'list' ? ['may be repeated'] : []),
    ...(hasDefault(row) ? [`default ${String(row.default)}`] : []),
    ...(row.deprecated ? [`deprecated, use ${row.deprecated}`] : []),
  ];
  return found.length === 0 ? '' : ` (${found.join('; ')})`;
}

function hasDefault(row: OptionRow): boolean {
  return row.default !== '' && row.default !== false && !(Array.isArray(row.default) && row.default.length === 0);
}
