import { z } from 'zod';
import { snapshotSchema } from '../agent-snapshot.ts';
import type { Contract } from './contract.ts';
import { historySchema, pastJobKeysSchema } from './history.ts';
import { queueSchema } from './queue.ts';

/** What the agent needs to begin: settings as variables and saved values. Holds the registration token. */
const startSchema = z.object({
  env: z.record(z.string(), z.string()),
  saved: z.record(z.string(), z.unknown()),
  /** Where past jobs are kept, and how much of them. */
  history: z.object({ folder: z.string(), budgetBytes: z.number() }),
});

export type StartSettings = z.infer<typeof startSchema>;

/** Between Electron's main process and the agent in its utility process. Requests and commands go to the agent. */
export const mainAgentContract = {
  requests: {
    /** Begins the agent. Answers when it has its configuration: with what is wrong with it, or an empty text. */
    start: { request: startSchema, reply: z.object({ problem: z.string() }) },
    /** Answered at once by an agent that is well. */
    ping: { request: z.null(), reply: z.null() },
    /** Asks the hub how many jobs wait for agents of this type; null where it does not say. */
    queue: { request: z.null(), reply: queueSchema.nullable() },
    /** Past jobs; null as long as there is no agent to ask. The same after some were deleted, or had back. */
    history: { request: z.null(), reply: historySchema.nullable() },
    deletePastJobs: { request: pastJobKeysSchema, reply: historySchema.nullable() },
    restorePastJobs: { request: pastJobKeysSchema, reply: historySchema.nullable() },
    /** Stops the job, reports it, disconnects. Answers when that is done; then the process may be ended. */
    shutDown: { request: z.null(), reply: z.null() },
    /** Writes the log of a job as text into a file that the user chose. Answers with what went wrong, or an empty text. */
    saveLog: { request: z.object({ job: z.string(), path: z.string() }), reply: z.object({ problem: z.string() }) },
  },
  commands: {
    pause: z.null(),
    resume: z.null(),
    stopJob: z.null(),
    /** Away until it is told to resume: behind the job that runs, or with that one stopped. */
    disconnect: z.object({ job: z.enum(['finish', 'stop']) }),
    /** Carries a port: the running job's log is shown over it, as shared/contract/tail.ts says. */
    tail: z.null(),
    /** Carries a port: logs are read over it, as shared/contract/log.ts says. */
    readLogs: z.null(),
  },
  events: {
    /** The first message: the agent listens. */
    ready: z.null(),
    snapshot: snapshotSchema,
  },
} as const satisfies Contract;
