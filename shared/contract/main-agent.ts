import { z } from 'zod';
import { snapshotSchema } from '../agent-snapshot.ts';
import { examinationSchema } from '../examination.ts';
import type { Contract } from './contract.ts';
import { connectionTestSchema } from './first-run.ts';
import { historySchema, pastJobKeysSchema } from './history.ts';
import { hookOutputSchema, hookRunSchema } from './hooks.ts';
import { queueSchema } from './queue.ts';

/** Settings as variables and saved values. Holds the registration token. */
const settingsSchema = z.object({ env: z.record(z.string(), z.string()), saved: z.record(z.string(), z.unknown()) });
export type AgentSettings = z.infer<typeof settingsSchema>;

/** What outlives the agent's process: enough to report a job that was cut off. `key`: of hub, name and token; another one's is not ours. */
const sessionSchema = z.object({
  key: z.string(),
  name: z.string(),
  /** Secret. */
  accessToken: z.string(),
  jobId: z.string(),
});
export type KeptSession = z.infer<typeof sessionSchema>;

/** Where the agent begins: connecting, or away until it is resumed. A job that a former one lost is reported either way. */
export const restSchema = z.enum(['connected', 'paused', 'disconnected']);
export type Rest = z.infer<typeof restSchema>;

const startSchema = settingsSchema.extend({
  session: sessionSchema.nullable(),
  rest: restSchema,
  /** Where past jobs are kept, and how much of them. */
  history: z.object({ folder: z.string(), budgetBytes: z.number() }),
});
export type AgentStart = z.infer<typeof startSchema>;

/** `only`: one check of them all. */
const examineSchema = settingsSchema.extend({ only: z.literal('kubernetes').optional() });

/** What the agent asks of Electron's main process. */
export const agentMainContract = {
  requests: {
    /** Answered when it is on the disk, encrypted where the system can; null: there is nothing to take up again. */
    keepSession: { request: sessionSchema.nullable(), reply: z.null() },
  },
  commands: {},
  events: {},
} as const satisfies Contract;

/** Between Electron's main process and the agent in its utility process. Requests and commands go to the agent. */
export const mainAgentContract = {
  requests: {
    /** Begins the agent. Answers when it has its configuration: with what is wrong with it, or an empty text. */
    start: { request: startSchema, reply: z.object({ problem: z.string() }) },
    /** Other settings, for jobs from the next one on. Answers like `start`; with a problem nothing changes. */
    configure: { request: settingsSchema, reply: z.object({ problem: z.string() }) },
    /** Asks a hub for the queue of a token's agent type. Needs no `start`. */
    testConnection: {
      request: z.object({ endpoint: z.string(), token: z.string(), noHttps: z.boolean(), caFile: z.string() }),
      reply: connectionTestSchema,
    },
    /** Runs a script as a hook is run, outside of any job; `hookOutput` tells what it writes. Needs no `start`. */
    testHook: { request: z.object({ path: z.string(), isSourced: z.boolean() }), reply: hookRunSchema },
    /** Looks whether a job could run on this machine with these settings. Changes nothing. Needs no `start`. */
    examine: { request: examineSchema, reply: examinationSchema },
    /** The newest snapshot, with times that no event told; null before the agent has begun. */
    snapshot: { request: z.null(), reply: snapshotSchema.nullable() },
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
    /** Nobody has patience any more: what is asked to end is killed. For an agent that leaves. */
    hasten: z.null(),
    /** Ends the script of `testHook`, which is answered then. */
    stopHookTest: z.null(),
    /** The machine slept, or its network changed: the hub is asked at once. */
    wake: z.null(),
    /** Whether somebody looks, for whom the times of syncs are worth an event each. The newest snapshot comes at once. */
    watch: z.object({ on: z.boolean() }),
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
    /** Without `watch`, not those that differ in the times of syncs alone. */
    snapshot: snapshotSchema,
    hookOutput: hookOutputSchema,
  },
} as const satisfies Contract;
