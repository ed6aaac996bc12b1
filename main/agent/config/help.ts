import { OPTION_GROUPS, type OptionCommand, type OptionRow, variableName } from '../../../shared/options/option.ts';
import { COMMAND_NAMES, type CommandFlag, type CommandName, commandOf, optionRows, usageOf } from './commands.ts';

/** No wider than that: longer lines are hard to read. */
const WIDEST = 100;
/** Where the help of a flag begins: beside it, or on a narrow terminal below it. */
const BESIDE = 42;
const BELOW = 8;
const NARROW = 80;

/** The help text of a command, or of the program where none is named, for a terminal so wide. */
export function helpText(name: CommandName | undefined, columns = WIDEST): string {
  const width = Math.min(columns, WIDEST);
  if (name === undefined) return programHelp(width);
  const { summary, more, options, flags = [] } = commandOf(name);
  const paragraph = (text: string) => `${wrap(text, width).join('\n')}\n`;
  return [
    paragraph(`${summary}.`),
    paragraph(`Usage: ${usageOf(name)}`),
    ...(more === undefined ? [] : [paragraph(more)]),
    ...(flags.length === 0 ? [] : [`${flags.map((flag) => flagLine(flag, width)).join('\n')}\n`]),
    ...(options === undefined ? [] : [paragraph(noteOn(options)), optionHelp(optionRows(name), width)]),
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
  const variable = `The following can also be given as a variable (${flag} as ${variableName(row)})`;
  const off = 'What is true by default is turned off with =false (--mount-engine-socket=false).';
  if (command === 'run') return `${variable}. A flag wins over a variable.`;
  if (command === 'serve') return `${variable}. A flag wins over a variable. ${off}`;
  const file = 'as a line of the YAML file of --config-file (no-https: true)';
  return `${variable} or ${file}. A flag wins over a variable, a variable over the file. ${off}`;
}

function programHelp(width: number): string {
  const commands = COMMAND_NAMES.map((name) => {
    const { summary } = commandOf(name);
    return hanging({ head: `  ${name}`, text: summary, column: 13, width });
  });
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

function optionHelp(rows: readonly OptionRow[], width: number): string {
  return OPTION_GROUPS.map((group) => ({ group, members: rows.filter((row) => row.group === group) }))
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => `${group}\n${members.map((row) => optionLine(row, width)).join('\n')}\n`)
    .join('\n');
}

function optionLine(row: OptionRow, width: number): string {
  return line(row, `${row.help}${notes(row)}`, width);
}

function flagLine(flag: CommandFlag, width: number): string {
  return line(flag, flag.choices ? `${flag.help} (${flag.choices.join(', ')})` : flag.help, width);
}

function line(
  flag: { readonly name: string; readonly type: string; readonly placeholder?: string },
  help: string,
  width: number,
): string {
  const value = flag.type === 'flag' ? '' : ` ${flag.placeholder ?? 'VALUE'}`;
  const column = width < NARROW ? BELOW : BESIDE;
  return hanging({ head: `  --${flag.name}${value}`, text: help, column, width });
}

/** A text in a column, beside its head where that leaves room, else below it. */
function hanging(parts: {
  readonly head: string;
  readonly text: string;
  readonly column: number;
  readonly width: number;
}): string {
  const { head, column } = parts;
  const lines = wrap(parts.text, parts.width - column).map((text) => ' '.repeat(column) + text);
  if (head.length >= column) return [head, ...lines].join('\n');
  return [head.padEnd(column) + (lines[0] ?? '').slice(column), ...lines.slice(1)].join('\n');
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
