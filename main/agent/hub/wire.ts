import { z } from 'zod';

/*
 * The hub's words and shapes. Wire strings stand here and nowhere else.
 * Source: the reference agent (`pkg/listener/selfhostedapi`) and the hub (`self_hosted_hub`).
 */

export const API_PATH = '/api/v1/self_hosted_agents';

export const AGENT_STATES = [
  'waiting-for-jobs',
  'starting-job',
  'running-job',
  'stopping-job',
  'finished-job',
] as const;
/** What the agent says of itself in a sync. */
export type AgentState = (typeof AGENT_STATES)[number];

export const JOB_RESULTS = ['passed', 'failed', 'stopped'] as const;
/** How a job ended. */
export type JobResult = (typeof JOB_RESULTS)[number];

export const HUB_SHUTDOWN_REASONS = ['idle', 'job-finished', 'requested', 'interrupted'] as const;

/** Go writes an absent value as null or leaves it out; both mean empty. */
function orEmpty<T extends z.ZodType>(schema: T, empty: z.output<T>) {
  return schema.nullish().transform((value): z.output<T> => (value ?? empty) as z.output<T>);
}

const text = orEmpty(z.string(), '');

/** What the agent can do without: of a wrong type it counts as absent, and the rest of the answer stands. */
const hint = text.catch('');
const int = z.number().int();

/** Body of `POST /register`. Times are seconds. */
export const registerRequestSchema = z.object({
  name: z.string(),
  version: z.string(),
  pid: int,
  os: z.string(),
  arch: z.string(),
  hostname: z.string(),
  single_job: z.boolean(),
  idle_timeout: int,
  interruption_grace_period: int,
  job_id: z.string(),
});
export type RegisterRequest = z.infer<typeof registerRequestSchema>;

/**
 * Answer to `POST /register` (201). An empty name means: keep yours. The hub calls the token `token`; the stand-in that the
 * reference agent is tested against (`test/hub_reference`) calls it `access_token`.
 */
export const registerResponseSchema = z
  .object({ name: hint, token: hint, access_token: hint })
  .transform(({ name, token, access_token }) => ({ name, token: token || access_token }))
  .refine(({ token }) => token !== '');
export type RegisterResponse = z.infer<typeof registerResponseSchema>;

/** Body of `POST /sync`. `interrupted_at`: Unix seconds, 0 if nobody asked the agent to go. */
export const syncRequestSchema = z.object({
  state: z.enum(AGENT_STATES),
  job_id: z.string(),
  job_result: z.union([z.enum(JOB_RESULTS), z.literal('')]),
  interrupted_at: int,
});
export type SyncRequest = z.infer<typeof syncRequestSchema>;

/** Answer to `POST /sync` (200). `next_sync_after`: milliseconds, 0 if the hub leaves it to the agent. */
export const syncResponseSchema = z.object({
  action: z.string(),
  job_id: hint,
  shutdown_reason: hint,
  next_sync_after: orEmpty(z.number(), 0).catch(0),
});
export type SyncResponse = z.infer<typeof syncResponseSchema>;

/** Answer to `POST /refresh` (200): a new token for the log server. */
export const refreshResponseSchema = z.object({ token: z.string().min(1) });

/** Answer to `GET /metrics` (200): the queue of this agent's type. */
export const metricsResponseSchema = z.object({
  jobs: z.object({ queued: int, running: int }),
  agents: z.object({ idle: int, occupied: int }),
});
export type HubMetrics = z.infer<typeof metricsResponseSchema>;

/** One line of a job's log. `timestamp`, `started_at`, `finished_at`: Unix seconds. No other keys (wire fact). */
export const logEventSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('job_started'), timestamp: int }),
  z.strictObject({ event: z.literal('cmd_started'), timestamp: int, directive: z.string() }),
  z.strictObject({ event: z.literal('cmd_output'), timestamp: int, output: z.string() }),
  z.strictObject({
    event: z.literal('cmd_finished'),
    timestamp: int,
    directive: z.string(),
    exit_code: int,
    started_at: int,
    finished_at: int,
  }),
  z.strictObject({ event: z.literal('job_finished'), timestamp: int, result: z.enum(JOB_RESULTS) }),
]);
export type LogEvent = z.infer<typeof logEventSchema>;

/** More events than this in one push are refused with 413. Source: `loghub2`. */
export const MAX_EVENTS_PER_PUSH = 2_000;
