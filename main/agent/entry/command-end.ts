/** How a command of the program ended. `problem`: one line for standard error. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly problem?: string;
}
