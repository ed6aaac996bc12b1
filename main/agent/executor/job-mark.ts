import type { Random } from '../platform/random.ts';

const MARK_VARIABLE = 'SIGNALBOX_JOB_MARK';

/** What tells the processes of a job apart, whatever became of their parents: a variable in their environment. */
export interface JobMark {
  readonly env: Readonly<Record<string, string>>;
  /** As it stands in the environment of everything that the job started. */
  readonly entry: string;
  /** What else of the job needs a name that no other has. */
  readonly name: string;
}

/** A mark that no other job has. */
export function createMark(random: Random): JobMark {
  const value = Buffer.from(random.bytes(16)).toString('hex');
  return { env: { [MARK_VARIABLE]: value }, entry: `${MARK_VARIABLE}=${value}`, name: value.slice(0, 12) };
}
