import type { Config } from '../config/config.ts';
import type { Clock } from '../platform/clock.ts';
import type { Processes } from '../platform/processes.ts';

/** `problem`: no job could run. `warning`: some could not, or not well. */
export type FindingState = 'fine' | 'warning' | 'problem';

/** One thing that was looked at. */
export interface Finding {
  /** What it is about: `shell`, `hub`. */
  readonly check: string;
  readonly state: FindingState;
  /** One line; never a secret. */
  readonly found: string;
  /** What to do; wherever something is not fine. */
  readonly advice?: string;
}

/** What the checks look at. */
export interface Examined {
  /** Undefined where it is not valid; a finding of its own says why. */
  readonly config: Config | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly tempFolder: string;
  readonly clock: Clock;
  readonly processes: Processes;
}

/** Looks at one thing. What it cannot find out is a finding too; it rejects for faults only. */
export type Check = (examined: Examined) => Promise<readonly Finding[]>;

export function fine(check: string, found: string): Finding {
  return { check, state: 'fine', found };
}
export function warning(check: string, found: string, advice: string): Finding {
  return { check, state: 'warning', found, advice };
}
export function problem(check: string, found: string, advice: string): Finding {
  return { check, state: 'problem', found, advice };
}
