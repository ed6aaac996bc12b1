import { OPTION_GROUPS, type OptionRow, variableName } from '../../../shared/options/option.ts';
import { COMMAND_NAMES, type CommandName, commandOf, optionRows, usageOf } from './commands.ts';

/** The program's manual page (troff), made from the tables of commands and options. */
export function manPage(): string {
  return [
    '.TH SIGNALBOX 1 "" "Signalbox" "User Commands"',
    // Names of variables are copied from here: none is parted.
    '.nh',
    '.ad l',
    '.SH NAME',
    text('signalbox - run Semaphore jobs on your own machine'),
    '.SH SYNOPSIS',
    '.B signalbox',
    text('COMMAND [flags]'),
    '.SH COMMANDS',
    ...COMMAND_NAMES.map(command),
    '.SH OPTIONS',
    text(
      'Each option is a flag, a variable of the environment and, for start, a line of the YAML file of --config-file.',
    ),
    ...OPTION_GROUPS.flatMap(group),
    '.SH FILES',
    '.TP',
    text('$TMPDIR/agent_log'),
    text("The agent's own log, where SEMAPHORE_AGENT_LOG_FILE_PATH names no other."),
    '.SH EXIT STATUS',
    text(
      '0 after an ordered end, 1 otherwise; of run 0, 1 or 130 for a job that passed, failed or was stopped; of doctor 0 where a job could run.',
    ),
    '',
  ].join('\n');
}

function command(name: CommandName): string {
  const { summary, more, flags = [] } = commandOf(name);
  return [
    `.SS ${escaped(usageOf(name))}`,
    text(`${summary}.`),
    ...(more === undefined ? [] : ['.PP', text(more)]),
    ...flags.flatMap(({ name: flag, placeholder, type, help, choices }) => {
      const value = type === 'flag' ? '' : ` ${placeholder ?? 'VALUE'}`;
      return entry(`--${flag}${value}`, choices ? `${help} (${choices.join(', ')}).` : `${help}.`);
    }),
  ].join('\n');
}

function group(name: (typeof OPTION_GROUPS)[number]): readonly string[] {
  const rows = [...new Map([...optionRows('start'), ...optionRows('serve')].map((row) => [row.name, row])).values()];
  const members = rows.filter((row) => row.group === name);
  return members.length === 0 ? [] : [`.SS ${escaped(name)}`, ...members.flatMap(option)];
}

function option(row: OptionRow): readonly string[] {
  const value = row.type === 'flag' ? '' : ` ${row.placeholder ?? 'VALUE'}`;
  const choices = row.type === 'choice' ? ` One of ${row.choices.join(', ')}.` : '';
  return entry(`--${row.name}${value}`, `${row.help}.${choices} Variable: ${variableName(row.name)}.`);
}

function entry(head: string, body: string): readonly string[] {
  return ['.TP', `.B ${escaped(head)}`, text(body)];
}

/** A line of text: one that begins like a request of troff's is none. */
function text(line: string): string {
  return /^[.']/.test(line) ? `\\&${escaped(line)}` : escaped(line);
}

function escaped(line: string): string {
  return line.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...').replaceAll('"', '\\(dq');
}
