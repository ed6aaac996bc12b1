/** Commands of the program that take options; `app` is the desktop app, which takes those of `start` too. */
export type OptionCommand = 'start' | 'serve' | 'run' | 'app';

/** Headings under which help texts, the example file and the settings form list the options. */
export const OPTION_GROUPS = [
  'Connection',
  'Jobs',
  'Hooks',
  'Logs',
  'Containers',
  'Kubernetes',
  'Job policy',
  'Power',
  'App',
  'Server',
] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

interface Row {
  /** As a flag and in YAML; as a variable in capitals, with underscores, after `SEMAPHORE_AGENT_`. */
  readonly name: string;
  readonly group: OptionGroup;
  readonly commands: readonly OptionCommand[];
  /** One line, no full stop. */
  readonly help: string;
  /** For the window, below the label: whole sentences. Only what no window has goes without. */
  readonly windowHelp?: string;
  /** What stands for the value in help texts. */
  readonly placeholder?: string;
  /** A value for the example file that differs from the default. */
  readonly example: string | number | boolean | readonly string[];
  readonly required?: true;
  /** Not for a file: it says which file. */
  readonly notInFile?: true;
  /** What to use instead. */
  readonly deprecated?: string;
  /** It is told to the hub at register: a change takes effect by a disconnect and a new registration. */
  readonly registers?: true;
  /** It says what code runs here, or what that code may reach: the app asks before it saves a change. */
  readonly runsCode?: true;
}

export interface TextRow extends Row {
  /** A secret is never shown, whatever happens. A path is one of this machine's. */
  readonly type: 'text' | 'path' | 'secret';
  readonly default: string;
  /** A text that is there must fit; `placeholder` says what fits. */
  readonly pattern?: RegExp;
}
export interface ChoiceRow extends Row {
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
}
export interface FlagRow extends Row {
  readonly type: 'flag';
  readonly default: boolean;
}
export interface NumberRow extends Row {
  /** A whole number, not below `minimum`; what it counts stands in the help text. */
  readonly type: 'number';
  readonly minimum: number;
  readonly maximum?: number;
  readonly default: number;
}
export interface ListRow extends Row {
  readonly type: 'list';
  readonly example: readonly string[];
  /** What an entry looks like; entries are checked against it. */
  readonly entry: 'text' | 'pair' | 'mount' | 'pattern';
  readonly default: readonly string[];
}

/** One option: the only place that knows its type, default and help. */
export type OptionRow = TextRow | ChoiceRow | FlagRow | NumberRow | ListRow;

/** The type of an option's value. */
export type ValueOf<R extends OptionRow> = R extends FlagRow
  ? boolean
  : R extends NumberRow
    ? number
    : R extends ListRow
      ? readonly string[]
      : R extends ChoiceRow
        ? R['choices'][number]
        : string;

/** The name of the variable that sets an option. */
export function variableName(optionName: string): string {
  return `SEMAPHORE_AGENT_${optionName.toUpperCase().replaceAll('-', '_')}`;
}
