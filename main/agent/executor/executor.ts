import type { JobFile } from '../job/job-request.ts';
import type { JobVariable } from '../job/variables.ts';

/** How a step of a job ended that is no command of its own: prepared or not, with a reason for the agent's log. */
export type StepOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** One command of a job. */
export interface ExecutorCommand {
  /** What bash runs, as the job request has it. */
  readonly directive: string;
  /** What the log calls it; the real directive is then its first output. */
  readonly alias?: string;
  /** What the log shows as the real directive, where bash needs it written another way. */
  readonly shown?: string;
  /** A line for the log between them. */
  readonly warning?: string;
}

/** How hard the end was: nothing was left, all went when asked, something had to be killed, or outlived even that. */
export type StopRung = 'nothing-left' | 'terminated' | 'killed' | 'survived';

/**
 * Where a job runs. Order of calls: `prepare`, `start`, then any number of `exportVariables`, `injectFiles`, `runCommand`
 * and `readVariable`, one at a time, then `cleanUp`. `stop` may come at any moment, from outside, and more than once.
 *
 * Nothing here throws for what a job can cause: outcomes are values, and exit codes are those of bash (1 when its shell is
 * gone). Each call writes to the job's log what the log shows of it. When the job's shell has died, or was stopped, the next
 * call gets a new one with the variables exported so far, in the home directory.
 */
export interface Executor {
  /** Makes what the job needs outside of its session. */
  prepare(): Promise<StepOutcome>;
  /** Starts the session. */
  start(): Promise<StepOutcome>;
  /** "Exporting environment variables": the variables become part of the session. Resolves with an exit code. */
  exportVariables(variables: readonly JobVariable[]): Promise<number>;
  /** "Injecting Files". Resolves with an exit code. */
  injectFiles(files: readonly JobFile[]): Promise<number>;
  /** Runs a command and resolves with its exit code. */
  runCommand(command: ExecutorCommand): Promise<number>;
  /** The value that a variable has in the job's shell now; empty if it has none. Not logged. */
  readVariable(name: string): Promise<string>;
  /** Ends the running command and everything that the job started. Resolves when it is gone, with what was needed. */
  stop(): Promise<StopRung>;
  /** Ends what is left and removes what was made. Idempotent; safe after a failed start. */
  cleanUp(): Promise<StopRung>;
}
