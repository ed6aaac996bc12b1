import type { GivenFlag } from '../config/command-line.ts';

/** How a command of the program ended. `problem`: one line for standard error. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly problem?: string;
}

/** A command of the program, with what it was given. Resolves when it is over. */
export type RunCommand = (line: {
  readonly flags: readonly GivenFlag[];
  readonly files: readonly string[];
}) => Promise<CommandEnd>;
