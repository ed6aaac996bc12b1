import { optionsOf } from '../../../shared/options/index.ts';
import type { OptionCommand, OptionRow } from '../../../shared/options/option.ts';

/** A flag of a command that is no setting of the agent. */
export interface CommandFlag {
  readonly name: string;
  readonly type: 'flag' | 'text';
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  /** One line, no full stop. */
  readonly help: string;
}

/** What a command takes besides flags. */
export interface CommandArguments {
  readonly placeholder: string;
  readonly complete: 'file' | 'command' | 'nothing';
  readonly minimum: number;
  readonly maximum: number;
  /** What to say where there are too few. */
  readonly missing: string;
}

/** One command of the program: the only place that knows its words. Parsing, help, completions and the man page read it here. */
export interface Command {
  /** One line, no full stop. */
  readonly summary: string;
  /** A paragraph or more for its help and the man page; optional. */
  readonly more?: string;
  /** It takes the options of the table that are for this command. */
  readonly options?: OptionCommand;
  readonly flags?: readonly CommandFlag[];
  readonly arguments?: CommandArguments;
}

/** What `run` shows in one line once it has passed: nothing, what the agent does itself, or every command. */
export const FOLDS = ['none', 'steps', 'passed'] as const;
export type Fold = (typeof FOLDS)[number];

/** Shells that can be taught to complete our commands. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const AGENT_FLAG: CommandFlag = {
  name: 'agent',
  type: 'text',
  placeholder: 'NAME',
  help: 'Which agent is meant, where several run here',
};

/** Every command there is, in the order of the help text. What each does is wired in main/agent/entry/cli.ts. */
export const COMMANDS = {
  start: { summary: 'Connect this machine to Semaphore as an agent and run jobs', options: 'start' },
  serve: {
    summary: "Run an HTTPS server that is given one job and runs it, as on Semaphore's own machines",
    options: 'serve',
  },
  run: {
    summary: 'Run the job in a file (YAML or JSON) here, without a hub',
    more: 'FILE may be - for standard input. With --kubernetes-executor the job runs in a pod. The exit code is 0 when the job passed, 1 when it failed and 130 when it was stopped. One Ctrl-C stops the job and gives what runs 10 seconds to end, the second one kills it.',
    options: 'run',
    flags: [
      { name: 'events', type: 'flag', help: 'Print the events of the log, one JSON object a line' },
      {
        name: 'fold',
        type: 'text',
        placeholder: 'WHAT',
        choices: FOLDS,
        help: "Show in one line, when they passed: nothing, the agent's own steps (on a terminal), or every command",
      },
    ],
    arguments: {
      placeholder: 'FILE',
      complete: 'file',
      minimum: 1,
      maximum: 1,
      missing: 'Say which job to run: signalbox run job.yml',
    },
  },
  practice: {
    summary: 'Run a hub on this machine that gives out the jobs in these files',
    flags: [
      { name: 'port', type: 'text', placeholder: 'PORT', help: 'Listen on this port; without one on a free one' },
      { name: 'token', type: 'text', placeholder: 'TOKEN', help: 'Registration token; without one it is made up' },
      { name: 'log-folder', type: 'text', placeholder: 'FOLDER', help: 'Keep the events of each job here' },
      { name: 'exit-when-done', type: 'flag', help: 'End when all jobs were reported and the agents are gone' },
    ],
    arguments: {
      placeholder: 'FILE…',
      complete: 'file',
      minimum: 1,
      maximum: Number.POSITIVE_INFINITY,
      missing: 'Say which jobs to give out: signalbox practice job.yml…',
    },
  },
  status: {
    summary: 'Show what the agents of this user do on this machine, headless or in the app',
    flags: [AGENT_FLAG, { name: 'json', type: 'flag', help: 'As JSON, one line for each agent' }],
  },
  pause: {
    summary: 'Let an agent take no new job: at once, or after the one that runs',
    flags: [
      AGENT_FLAG,
      { name: 'for', type: 'text', placeholder: 'TIME', help: 'Resume by itself after so long: 30m, 2h, 1h30m, 1d' },
    ],
  },
  resume: { summary: 'Connect an agent again that is paused or disconnected', flags: [AGENT_FLAG] },
  disconnect: {
    summary: 'Disconnect an agent until it is resumed, after the job that runs',
    flags: [AGENT_FLAG, { name: 'now', type: 'flag', help: 'Stop the job that runs, which is reported as stopped' }],
  },
  logs: {
    summary: "Show the last lines of an agent's own log",
    flags: [AGENT_FLAG, { name: 'follow', type: 'flag', help: 'And those to come, until the agent ends' }],
  },
  doctor: {
    summary: 'Check whether a job could run here, and say what to do where not',
    more: 'The exit code is 0 where a job could run and 1 where it could not.',
    options: 'start',
    flags: [{ name: 'json', type: 'flag', help: 'As JSON' }],
  },
  completion: {
    summary: 'Print the completions for a shell',
    more: 'bash: eval "$(signalbox completion bash)" in ~/.bashrc. zsh: the same in ~/.zshrc, after compinit. fish: signalbox completion fish > ~/.config/fish/completions/signalbox.fish.',
    arguments: {
      placeholder: SHELLS.join('|'),
      complete: 'nothing',
      minimum: 1,
      maximum: 1,
      missing: `Say for which shell: ${SHELLS.join(', ')}`,
    },
  },
  version: { summary: 'Print the version' },
  help: {
    summary: 'Show help, of a command if one is named',
    arguments: { placeholder: '[COMMAND]', complete: 'command', minimum: 0, maximum: 1, missing: '' },
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** The entry of a command. */
export function commandOf(name: CommandName): Command {
  return COMMANDS[name];
}

/** The options of the table that a command takes. */
export function optionRows(name: CommandName): readonly OptionRow[] {
  const { options } = commandOf(name);
  return options === undefined ? [] : optionsOf(options);
}

/** `signalbox run FILE`. */
export function usageOf(name: CommandName): string {
  const { flags = [], arguments: wanted } = commandOf(name);
  const hasFlags = flags.length > 0 || optionRows(name).length > 0;
  return ['signalbox', name, wanted?.placeholder, hasFlags ? '[flags]' : undefined].filter(Boolean).join(' ');
}
