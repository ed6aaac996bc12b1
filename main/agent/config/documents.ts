import { stringify } from 'yaml';
import { optionsOf } from '../../../shared/options/index.ts';
import { OPTION_GROUPS, type OptionRow, variableName } from '../../../shared/options/option.ts';
import { COMMAND_NAMES, commandOf, usageOf } from './commands.ts';

const rows: readonly OptionRow[] = optionsOf('start');

/** The example of a configuration file: every option with its help, all of them commented out. */
export function exampleFile(): string {
  const head =
    '# Settings of an agent, for `signalbox start --config-file FILE`. Take the # away from what you want to set.\n';
  const sections = groups(rows.filter((row) => !row.notInFile)).map(
    ({ group, members }) => `\n## ${group}\n${members.map(exampleEntry).join('')}`,
  );
  return head + sections.join('');
}

function exampleEntry(row: OptionRow): string {
  const entry = stringify({ [row.name]: row.example }, { lineWidth: 0 }).trimEnd();
  return `\n# ${row.help}\n${entry.replace(/^/gm, '#')}\n`;
}

/** The README's table of commands. */
export function commandTable(): string {
  const lines = COMMAND_NAMES.map((name) => {
    const { summary, more, flags = [] } = commandOf(name);
    const own = flags.map((flag) => `\`--${flag.name}\``).join(', ');
    const details = [summary, ...(more === undefined ? [] : [more]), ...(own === '' ? [] : [`Flags: ${own}`])];
    return `| \`${usageOf(name)}\` | ${details.map((text) => text.replace(/\.$/, '')).join('. ')} |`.replace(
      /(?<=`[^`]*)\|(?=[^`]*` \|)/g,
      '\\|',
    );
  });
  return ['| command | what it does |', '| --- | --- |', ...lines, ''].join('\n');
}

/** The README's table of options. */
export function optionTable(): string {
  const lines = groups(rows).flatMap(({ group, members }) => [`| **${group}** | | |`, ...members.map(tableLine)]);
  return ['| option | variable | what it does |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

function tableLine(row: OptionRow): string {
  const help =
    row.type === 'choice' ? `${row.help} (${row.choices.map((choice) => `\`${choice}\``).join(', ')})` : row.help;
  return `| \`${row.name}\` | \`${variableName(row.name)}\` | ${help.replaceAll('|', '\\|')} |`;
}

function groups(of: readonly OptionRow[]) {
  return OPTION_GROUPS.map((group) => ({ group, members: of.filter((row) => row.group === group) })).filter(
    ({ members }) => members.length > 0,
  );
}
