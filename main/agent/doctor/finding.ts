import type { Finding } from '../../../shared/examination.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../platform/clock.ts';
import type { Processes } from '../platform/processes.ts';

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

/** With pods every job's commands run in one, and its containers too: of this machine no job needs anything. */
export function needsPodsOnly({ config }: Examined): boolean {
  return config?.values['kubernetes-executor'] === true;
}

/** Nothing is to be done. */
export function fine(check: string, found: string): Finding {
  return { check, state: 'fine', found };
}

/** Jobs can run, but not all of them, or not well. */
export function warning(check: string, found: string, advice: string): Finding {
  return { check, state: 'warning', found, advice };
}

/** No job can run until its advice is followed. */
export function problem(check: string, found: string, advice: string): Finding {
  return { check, state: 'problem', found, advice };
}
