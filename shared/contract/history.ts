import { z } from 'zod';
import { jobAboutSchema } from '../job-about.ts';

/*
 * Past jobs that are kept on this machine. Times are milliseconds since the Unix epoch, sizes are bytes.
 */

export const PAST_RESULTS = ['passed', 'failed', 'stopped', 'lost', 'running'] as const;

export const pastJobSchema = z.object({
  /** Names its folder: a job may have run here twice. */
  key: z.string(),
  id: z.string(),
  name: z.string(),
  about: jobAboutSchema.optional(),
  startedAt: z.number(),
  /** Absent for one that runs, and where nobody saw the end. */
  endedAt: z.number().optional(),
  /** `lost`: the agent went in the middle of it. */
  result: z.enum(PAST_RESULTS),
  /** Of all that is kept of it. */
  bytes: z.number(),
});
export type PastJob = z.infer<typeof pastJobSchema>;

/** The newest first. */
export const historySchema = z.object({ jobs: z.array(pastJobSchema), bytes: z.number(), budgetBytes: z.number() });
export type History = z.infer<typeof historySchema>;

/** Keys of jobs. */
export const pastJobKeysSchema = z.object({ keys: z.array(z.string().max(200)).max(10_000) });
