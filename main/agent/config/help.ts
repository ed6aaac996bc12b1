import { optionsOf } from '../../../shared/options/index.ts';
import { OPTION_GROUPS, type OptionRow, variableName } from '../../../shared/options/option.ts';
import type { CommandName } from './command-line.ts';

/** Width of the column of flags, and of the whole. */
const FLAG_COLUMN = 42;
const WIDTH = 100;

const SUMMARIES: Readonly<Record<CommandName, string>> = {
  start: 'Connect this machine to Semaphore as an agent and run jobs',
  run: 'Run the job in a file (YAML or JSON) here, without a hub',
  practice: 'Be a hub on this machine that gives out the jobs in these files',
  version: 'Print the version',
  help: 'Show help, of a command if one is named',
};

const USAGES: Readonly<Record<CommandName, string>> = {
  start: 'signalbox start [flags]',
  run: 'signalbox run FILE',
  practice:
    'signalbox practice FILE… [--port PORT] [--token TOKEN]\n' +
    '                          [--log-folder FOLDER] [--exit-when-done]',
  version: 'signalbox version',
  help: 'signalbox help [command]',
};

/** The help text of a command, or of the program where none is named or none is known. */
export function helpText(command: string | undefined): string {
  if (command === undefined || !(command in USAGES)) return programHelp();
  const name = command as CommandName;
  const head = `${SUMMARIES[name]}.\n\nUsage: ${USAGES[name]}\n`;
  return name === 'start' ? `${head}\n${OPTION_NOTE}\n${optionHelp()}` : head;
}

const OPTION_NOTE =
  `Every flag can also be given as a variable (--no-https as ${variableName('no-https')})\n` +
  'or as a line of the YAML file of --config-file (no-https: true). A flag goes over a variable, a\n' +
  'variable over the file.\n';

function programHelp(): string {
  const commands = Object.entries(SUMMARIES).map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`);
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

function optionHelp(): string {
  const rows: readonly OptionRow[] = optionsOf('start');
  return OPTION_GROUPS.map((group) => ({ group, members: rows.filter((row) => row.group === group) }))
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => `${group}\n${members.map(optionLine).join('\n')}\n`)
    .join('\n');
}

function optionLine(row: OptionRow): string {
  const value = row.type === 'flag' ? '' : ` ${row.placeholder ?? 'VALUE'}`;
  const [first = '', ...rest] = wrap(`${row.help}${notes(row)}`, WIDTH - FLAG_COLUMN);
  return [
    `  --${row.name}${value}`.padEnd(FLAG_COLUMN) + first,
    ...rest.map((line) => ' '.repeat(FLAG_COLUMN) + line),
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
