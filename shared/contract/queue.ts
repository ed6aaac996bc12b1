import { z } from 'zod';

/** Jobs and agents of an agent type, as the hub counts them. */
export const queueSchema = z.object({
  jobsQueued: z.number(),
  jobsRunning: z.number(),
  agentsIdle: z.number(),
  agentsOccupied: z.number(),
});
export type Queue = z.infer<typeof queueSchema>;
