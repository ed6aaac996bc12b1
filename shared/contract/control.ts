import { z } from 'zod';
import { snapshotSchema } from '../agent-snapshot.ts';
import { pauseFormSchema } from '../pause.ts';
import type { Contract } from './contract.ts';

/**
 * Between `signalbox status`, `pause` and the like and an agent of the same user on the same machine, headless or in the app.
 * Nothing here starts a program or shows a secret: another program of this user may call all of it.
 */
export const controlContract = {
  requests: {
    status: { request: z.null(), reply: snapshotSchema },
    pause: { request: pauseFormSchema, reply: z.null() },
    resume: { request: z.null(), reply: z.null() },
    /** Away until it is resumed: behind the job that runs, or with that one stopped. */
    disconnect: { request: z.object({ job: z.enum(['finish', 'stop']) }), reply: z.null() },
    /** The last lines of the agent's own log, the oldest first. `follow`: those to come are events of this connection. */
    logs: { request: z.object({ follow: z.boolean() }), reply: z.array(z.string()) },
  },
  commands: {},
  events: {
    /** Every change from now on. */
    snapshot: snapshotSchema,
    logLine: z.string(),
  },
} as const satisfies Contract;
