import { COMMAND_NAMES, type CommandName, commandOf, optionRows, SHELLS, type Shell } from './commands.ts';

/** A flag as completions know it. */
interface Completed {
  readonly name: string;
  readonly help: string;
  readonly takesValue: boolean;
  readonly isPath: boolean;
  readonly choices: readonly string[];
}

/** The script that teaches a shell the program's commands and flags, made from the tables. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      return zsh();
    case 'fish':
      return fish();
  }
}

function flagsOf(name: CommandName): readonly Completed[] {
  const own = (commandOf(name).flags ?? []).map(({ choices = [], type, ...flag }) => {
    const isPath = flag.placeholder === 'FOLDER' || flag.placeholder === 'FILE';
    return { name: flag.name, help: flag.help, takesValue: type !== 'flag', isPath, choices };
  });
  const options = optionRows(name).map((row) => ({
    name: row.name,
    help: row.help,
    takesValue: row.type !== 'flag',
    isPath: row.type === 'path',
    choices: row.type === 'choice' ? row.choices : [],
  }));
  return [...options, ...own];
}

/** What may stand behind a command that is no flag: words, or files. */
function argumentsOf(name: CommandName): readonly string[] | 'files' {
  const { arguments: wanted } = commandOf(name);
  if (wanted?.complete === 'file') return 'files';
  if (wanted?.complete === 'command') return COMMAND_NAMES;
  return name === 'completion' ? SHELLS : [];
}

function bash(): string {
  const commands = COMMAND_NAMES.map((name) => {
    const flags = flagsOf(name);
    const words = argumentsOf(name);
    const values = flags
      .filter(({ takesValue }) => takesValue)
      .map(({ name: flag, choices, isPath }) => `        --${flag}) ${bashWords(choices, isPath)}; return ;;`);
    return [
      `    ${name})`,
      ...(values.length === 0 ? [] : ['      case "$previous" in', ...values, '      esac']),
      `      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "${flags.map((flag) => `--${flag.name}`).join(' ')}" -- "$word"))`,
      `      else ${bashWords(words === 'files' ? [] : words, words === 'files')}; fi ;;`,
    ].join('\n');
  });
  return `# Completions of signalbox for bash.
_signalbox() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W "${COMMAND_NAMES.join(' ')}" -- "$word")); return; fi
  case "\${COMP_WORDS[1]}" in
${commands.join('\n')}
  esac
}
complete -o bashdefault -F _signalbox signalbox
`;
}

function bashWords(words: readonly string[], isPath: boolean): string {
  if (isPath) return 'COMPREPLY=($(compgen -f -- "$word"))';
  return words.length === 0 ? ':' : `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word"))`;
}

function zsh(): string {
  const commands = COMMAND_NAMES.map((name) => {
    const specs = flagsOf(name).map((flag) => `      ${zshFlag(flag)}`);
    const words = argumentsOf(name);
    const rest =
      words === 'files' ? `      '*:file:_files'` : words.length === 0 ? '' : `      '1:what:(${words.join(' ')})'`;
    return `    ${name}) _arguments \\\n${[...specs, ...(rest === '' ? [] : [rest])].join(' \\\n') || "      ':'"} ;;`;
  });
  const summaries = COMMAND_NAMES.map((name) => `    '${name}:${escaped(commandOf(name).summary)}'`);
  return `#compdef signalbox
# Completions of signalbox for zsh.
_signalbox() {
  local -a commands
  commands=(
${summaries.join('\n')}
  )
  if ((CURRENT == 2)); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.join('\n')}
  esac
}
compdef _signalbox signalbox
`;
}

function zshFlag({ name, help, takesValue, isPath, choices }: Completed): string {
  const value = choices.length > 0 ? `(${choices.join(' ')})` : isPath ? '_files' : ' ';
  return `'--${name}[${escaped(help).replace(/[[\]]/g, '\\$&')}]${takesValue ? `:value:${value}` : ''}'`;
}

/** Within single quotes, where a colon parts what it is from what it says. */
function escaped(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
}

function fish(): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const isFirst = '__fish_use_subcommand';
  const lines = COMMAND_NAMES.flatMap((name) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`;
    const words = argumentsOf(name);
    return [
      `complete -c signalbox -f -n ${isFirst} -a ${name} -d ${quoted(commandOf(name).summary)}`,
      ...flagsOf(name).map(({ name: flag, help, takesValue, isPath, choices }) => {
        const value = !takesValue
          ? ''
          : isPath
            ? ' -r -F'
            : choices.length > 0
              ? ` -x -a ${quoted(choices.join(' '))}`
              : ' -x';
        return `complete -c signalbox ${within} -l ${flag}${value} -d ${quoted(help)}`;
      }),
      words === 'files'
        ? `complete -c signalbox ${within} -F`
        : `complete -c signalbox -f ${within}${words.length === 0 ? '' : ` -a ${quoted(words.join(' '))}`}`,
    ];
  });
  return `# Completions of signalbox for fish.\n${lines.join('\n')}\n`;
}
