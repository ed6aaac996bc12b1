import type { AgentSnapshot, AgentStatus, SnapshotJob } from '../../shared/agent-snapshot.ts';
import { TERMINATE_GRACE_MS } from './executor/stop-ladder.ts';
import type { ConnectedState, Departure, ListenerState } from './listener/listener-state.ts';
import type { Clock } from './platform/clock.ts';

/** What a snapshot is made of besides the listener's state. */
export interface SnapshotFacts {
  readonly clock: Clock;
  /** Of the job that is here, as soon as it was fetched. */
  readonly job: SnapshotJob | undefined;
  /** Since when the job is being stopped, in ms since the Unix epoch. */
  readonly stoppingSince?: number | undefined;
  /** When the next try is due, in ms since the Unix epoch. */
  readonly nextAt: number;
  /** What the last job wanted of this machine and did not find. */
  readonly lacks?: string | undefined;
}

/** The listener's state as people see it. */
export function statusOf(state: ListenerState, facts: SnapshotFacts): AgentStatus {
  switch (state.phase) {
    case 'registering': {
      const { attempt, problem, leaving } = state;
      return leaving ? awayAfter(leaving) : { state: 'connecting', attempt, problem, nextTryAt: facts.nextAt };
    }
    case 'connected':
      return connectedStatus(state, facts);
    case 'disconnecting':
      return awayAfter(state.departure);
    case 'running-hook':
      return { state: 'pausing', disconnects: true };
    case 'paused':
      return { state: 'paused' };
    case 'needs-attention':
      return {
        state: 'needs-attention',
        cause: state.status === 401 ? 'token-refused' : 'refused',
        problem: state.problem,
      };
    case 'stopped':
      return { state: 'stopped', reason: state.reason };
    case 'ended':
      return { state: 'stopped', reason: 'ended' };
  }
}

function connectedStatus(state: ConnectedState, { clock, job, lacks, stoppingSince }: SnapshotFacts): AgentStatus {
  const { work, afterJob, failing } = state;
  if (failing)
    return { state: 'offline', since: wallClock(failing.since, clock), problem: failing.problem, ...withJob(job) };
  if (work.state === 'stopping-job' && job)
    return { state: 'stopping', job, forcesAt: (stoppingSince ?? clock.now()) + TERMINATE_GRACE_MS };
  if (typeof afterJob === 'object') return awayAfter(afterJob, job);
  if (work.state === 'waiting-for-jobs') {
    const lacking = lacks === undefined ? {} : { lacks };
    return { state: 'idle', lastSyncAt: wallClock(state.lastAnswerAt, clock), ...lacking };
  }
  return { state: 'running', job: job ?? { id: work.jobId, name: work.jobId, startedAt: clock.now() } };
}

/** A time of the monotonic clock in ms since the Unix epoch. */
function wallClock(monotonic: number, clock: Clock): number {
  return clock.now() - (clock.monotonic() - monotonic);
}

function syncOf(state: ListenerState, { clock, nextAt }: SnapshotFacts): Pick<AgentSnapshot, 'sync'> {
  if (state.phase !== 'connected') return {};
  return { sync: { lastAt: wallClock(state.lastAnswerAt, clock), nextAt } };
}

function awayAfter(departure: Departure, job?: SnapshotJob): AgentStatus {
  return { state: 'pausing', ...withJob(job), ...(departure.kind === 'pause' ? {} : { disconnects: true }) };
}

function withJob(job?: SnapshotJob): { job?: SnapshotJob } {
  return job ? { job } : {};
}

/** What a listener and its job tell, as snapshots. */
export interface SnapshotSource {
  onProgress(job: SnapshotJob): void;
  onChange(state: ListenerState, agentName: string, nextAt: number): void;
  /** Whether a job that wanted something of this machine has found it; undefined: it has. */
  onLack(lacks: string | undefined): void;
}

/** Makes a snapshot of every change of the listener and every step of its job, and counts their versions. */
export function createSnapshotSource(
  endpoint: string,
  clock: Clock,
  onSnapshot: (snapshot: AgentSnapshot) => void,
): SnapshotSource {
  let version = 0;
  let last: { readonly state: ListenerState; readonly agentName: string; readonly nextAt: number } | undefined;
  let job: SnapshotJob | undefined;
  let lastJob: AgentSnapshot['lastJob'];
  let lacks: string | undefined;
  let stoppingSince: number | undefined;
  const tell = () => {
    if (!last) return;
    version += 1;
    const { state, agentName, nextAt } = last;
    const facts = { clock, job, stoppingSince, nextAt, lacks };
    const status = statusOf(state, facts);
    onSnapshot({ version, agentName, endpoint, status, ...syncOf(state, facts), ...(lastJob ? { lastJob } : {}) });
  };
  return {
    // Told before the job's end, which is a change.
    onLack(what) {
      lacks = what;
    },
    onProgress(progress) {
      job = progress;
      tell();
    },
    onChange(state, agentName, nextAt) {
      last = { state, agentName, nextAt };
      const work = state.phase === 'connected' ? state.work : undefined;
      if (job && work?.state === 'finished-job') lastJob = lastOf(job, work.result, clock.now());
      stoppingSince = work?.state === 'stopping-job' ? (stoppingSince ?? clock.now()) : undefined;
      if (!work || work.state === 'waiting-for-jobs') job = undefined;
      tell();
    },
  };
}

function lastOf({ command: _ended, ...job }: SnapshotJob, result: string, endedAt: number): AgentSnapshot['lastJob'] {
  return { ...job, result, endedAt };
}
