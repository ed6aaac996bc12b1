import { z } from 'zod';
import { jobAboutSchema } from './job-about.ts';
import { type Pause, pauseSchema } from './pause.ts';

/*
 * What the agent is doing, as people see it. The agent makes it, main adds what it knows; tray, window and command line
 * show the same one. Times are milliseconds since the Unix epoch.
 */

/** The job that is here, and how far it is. */
export const snapshotJobSchema = z.object({
  id: z.string(),
  /** As Semaphore calls it; its id where it has no name. */
  name: z.string(),
  startedAt: z.number(),
  /** The command that runs; `of` counts the job's own commands, without epilogues. */
  command: z.object({ directive: z.string(), number: z.number(), of: z.number() }).optional(),
  /** The option of the job policy that does not let it run. */
  refusedBy: z.string().optional(),
  /** Absent until the job was fetched. */
  about: jobAboutSchema.optional(),
});
export type SnapshotJob = z.infer<typeof snapshotJobSchema>;

const statusSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not-configured') }),
  z.object({ state: z.literal('connecting'), attempt: z.number(), problem: z.string(), nextTryAt: z.number() }),
  /** `lacks`: what the last job wanted of this machine and did not find, in a line. */
  z.object({ state: z.literal('idle'), lastSyncAt: z.number(), lacks: z.string().optional() }),
  z.object({ state: z.literal('running'), job: snapshotJobSchema }),
  /** `forcesAt`: when what has not ended by then is killed. */
  z.object({ state: z.literal('stopping'), job: snapshotJobSchema, forcesAt: z.number() }),
  /** `disconnects`: it is to stay away until it is connected again, which is more than a pause. */
  z.object({ state: z.literal('pausing'), job: snapshotJobSchema.optional(), disconnects: z.boolean().optional() }),
  z.object({ state: z.literal('paused') }),
  z.object({ state: z.literal('offline'), since: z.number(), problem: z.string(), job: snapshotJobSchema.optional() }),
  /**
   * `cause`: the hub refuses this agent, or its token alone; a setting makes no sense; the agent cannot be kept alive.
   */
  z.object({
    state: z.literal('needs-attention'),
    cause: z.enum(['token-refused', 'refused', 'settings', 'crashed']),
    problem: z.string(),
  }),
  z.object({ state: z.literal('stopped'), reason: z.string() }),
]);
export type AgentStatus = z.infer<typeof statusSchema>;

/** `version` grows with every change: of two snapshots the one with the higher version is the newer. */
export const snapshotSchema = z.object({
  version: z.number().int(),
  agentName: z.string(),
  endpoint: z.string(),
  status: statusSchema,
  /** `refusedBy`: the option of the job policy that did not let it run; the hub knows it as failed. */
  lastJob: z
    .object({
      id: z.string(),
      name: z.string(),
      result: z.string(),
      startedAt: z.number(),
      endedAt: z.number(),
      refusedBy: z.string().optional(),
      about: jobAboutSchema.optional(),
    })
    .optional(),
  /** While it is registered: when the hub answered last, and when it is asked again; 0 while it is being asked. */
  sync: z.object({ lastAt: z.number(), nextAt: z.number() }).optional(),
  /** Whose pause it is and when it ends, while the state is `pausing` or `paused`. */
  pause: pauseSchema.optional(),
  /** What comes behind the current job besides the next one: new settings by a new registration, or the end of the app. */
  afterJob: z.enum(['reconnect', 'quit']).optional(),
  /** It is connected to the practice hub on this machine, not to anybody's organisation. */
  practice: z.boolean().optional(),
  /** One line about something that went wrong and was mended, until its reader has seen it. */
  notice: z.object({ text: z.string(), at: z.number() }).optional(),
});
export type AgentSnapshot = z.infer<typeof snapshotSchema>;

/** Two lines for people: what is, and what it means. */
export interface Headline {
  readonly first: string;
  readonly second: string;
  /** What changes by the second, for who shows the second line anew as often: `synced 3 s ago`, `next try in 20 s`. */
  readonly age?: string;
}

/** The one place that puts a state into words. `now`: ms since the Unix epoch. */
export function headline(snapshot: AgentSnapshot, now: number): Headline {
  const { status, endpoint } = snapshot;
  switch (status.state) {
    case 'not-configured':
      return { first: 'Not set up yet', second: 'Connect this computer to your Semaphore organisation' };
    case 'connecting':
      return { first: `Connecting to ${endpoint || 'Semaphore'}…`, second: connecting(status, now) };
    case 'idle':
      return idle(status, snapshot, now);
    case 'running':
      return { first: `Running “${status.job.name}”`, second: progress(status.job, now) };
    case 'stopping':
      return { first: `Stopping “${status.job.name}”`, second: stopping(status.forcesAt, now) };
    case 'pausing':
      return pausing(status, snapshot, now);
    case 'paused':
      return { first: paused(snapshot.pause, now), second: 'Semaphore sees this agent as disconnected' };
    case 'offline':
      return offline(status, snapshot, now);
    case 'needs-attention':
      return attention(status);
    case 'stopped':
      return {
        first: 'Disconnected',
        second: `${STOP_REASONS[status.reason] ?? ''}Nothing runs here until you connect`,
      };
  }
}

function idle(
  { lacks, lastSyncAt }: Extract<AgentStatus, { state: 'idle' }>,
  { agentName, endpoint }: AgentSnapshot,
  now: number,
): Headline {
  const first = 'Ready for jobs';
  // Jobs that want nothing of the kind run all the same.
  if (lacks !== undefined) return { first, second: asSentence(lacks) };
  return {
    first,
    second: `Connected as ${agentName} to ${endpoint}`,
    age: `synced ${duration(now - lastSyncAt)} ago`,
  };
}

function stopping(forcesAt: number, now: number): string {
  return now < forcesAt ? `Asked it to end; forcing in ${duration(forcesAt - now)}` : 'Ending what is left of it';
}

function offline(
  { since, problem, job }: Extract<AgentStatus, { state: 'offline' }>,
  { sync }: AgentSnapshot,
  now: number,
): Headline {
  const told = {
    first: `Offline since ${clockTime(since)}`,
    second: asSentence(job ? `${problem} · the running job goes on` : problem),
  };
  if (!sync) return told;
  return { ...told, age: sync.nextAt > now ? `next try in ${duration(sync.nextAt - now)}` : 'trying now' };
}

/** What is a part of a sentence elsewhere is one here. */
function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function attention({ cause, problem }: Extract<AgentStatus, { state: 'needs-attention' }>): Headline {
  switch (cause) {
    case 'token-refused':
      return { first: 'The registration token was refused', second: 'Check it in Settings → Connection' };
    case 'refused':
      return {
        first: 'Semaphore refused this agent',
        second: `${asSentence(problem)} · check Settings → Connection`,
      };
    case 'settings':
      return { first: 'A setting needs your attention', second: asSentence(problem) };
    case 'crashed':
      return { first: 'The agent keeps crashing', second: asSentence(problem) };
  }
}

/** Why, where its owner did not wish it; the words of the shutdown hook. */
const STOP_REASONS: Readonly<Record<string, string>> = {
  IDLE: 'No job came for as long as you set · ',
  JOB_FINISHED: 'The one job is done · ',
  REQUESTED: 'Semaphore let this agent go · ',
  INTERRUPTED: 'It was interrupted · ',
  UNKNOWN: 'Semaphore let this agent go · ',
};

const LEAVING = {
  reconnect: { doing: 'Connecting anew', means: 'Your new settings apply when the job ends' },
  quit: { doing: 'Quitting', means: 'Signalbox quits when the job ends' },
} as const;

function pausing(
  { job, disconnects }: Extract<AgentStatus, { state: 'pausing' }>,
  { afterJob, pause }: AgentSnapshot,
  now: number,
): Headline {
  const leaving = afterJob && LEAVING[afterJob];
  const doing = leaving?.doing ?? (disconnects ? 'Disconnecting' : 'Pausing');
  const end = pause && !leaving && !disconnects ? pauseEnd(pause, now) : '';
  return {
    first: job ? `${doing} after “${job.name}”` : `${doing}…`,
    second: leaving?.means ?? `No new job will start here${end}`,
  };
}

const PAUSED_BY = { you: 'Paused by you', battery: 'Paused on battery', 'quiet-hours': 'Quiet hours' } as const;

function paused(pause: Pause | undefined, now: number): string {
  return pause ? `${PAUSED_BY[pause.by]}${pauseEnd(pause, now)}` : PAUSED_BY.you;
}

/** ` until 14:30`, ` until tomorrow 08:00`; nothing for a pause without an end. */
function pauseEnd({ by, until, whileOnBattery }: Pause, now: number): string {
  if (whileOnBattery && by === 'you') return ' while on battery';
  return until === undefined ? '' : ` until ${dayOf(until, now)}${clockTime(until)}`;
}

function dayOf(at: number, now: number): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / (24 * 3600 * 1000));
  if (days === 0) return '';
  return days === 1 ? 'tomorrow ' : `${new Date(at).toLocaleDateString('en-GB', { weekday: 'long' })} `;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function connecting(status: Extract<AgentStatus, { state: 'connecting' }>, now: number): string {
  if (status.attempt === 0) return 'First attempt';
  const wait = Math.max(0, status.nextTryAt - now);
  return `Attempt ${status.attempt + 1}, next try in ${duration(wait)} · ${status.problem}`;
}

function progress({ startedAt, command }: SnapshotJob, now: number): string {
  const since = duration(now - startedAt);
  if (!command) return since;
  // A whole script has no place in a line.
  const [begin = ''] = command.directive.trim().split('\n', 1);
  return `${since} · command ${command.number} of ${command.of}: ${begin}`;
}

/** `4 s`, `2 min 14 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** `13:02`, in the time zone of the machine. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}
