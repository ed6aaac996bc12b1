import type { AgentSnapshot, AgentStatus, SnapshotJob } from '../../shared/agent-snapshot.ts';
import type { ConnectedState, ListenerState } from './listener/listener-state.ts';
import type { Clock } from './platform/clock.ts';

/** What a snapshot is made of besides the listener's state. */
export interface SnapshotFacts {
  readonly clock: Clock;
  /** Of the job that is here, as soon as it was fetched. */
  readonly job: SnapshotJob | undefined;
  /** When the next try is due, in ms since the Unix epoch. */
  readonly nextAt: number;
}

/** The listener's state as people see it. */
export function statusOf(state: ListenerState, facts: SnapshotFacts): AgentStatus {
  switch (state.phase) {
    case 'registering': {
      const { attempt, problem, pausing } = state;
      return pausing ? { state: 'pausing' } : { state: 'connecting', attempt, problem, nextTryAt: facts.nextAt };
    }
    case 'connected':
      return connectedStatus(state, facts);
    case 'disconnecting':
    case 'running-hook':
      return { state: 'pausing' };
    case 'paused':
      return { state: 'paused' };
    case 'needs-attention':
      return { state: 'needs-attention', problem: state.problem };
    case 'stopped':
      return { state: 'stopped', reason: state.reason };
    case 'ended':
      return { state: 'stopped', reason: 'ended' };
  }
}

function connectedStatus(state: ConnectedState, { clock, job }: SnapshotFacts): AgentStatus {
  const { work, afterJob, failing } = state;
  const wallClock = (monotonic: number) => clock.now() - (clock.monotonic() - monotonic);
  if (failing) return { state: 'offline', since: wallClock(failing.since), problem: failing.problem, ...withJob(job) };
  if (work.state === 'stopping-job' && job) return { state: 'stopping', job };
  if (typeof afterJob === 'object') return { state: 'pausing', ...withJob(job) };
  if (work.state === 'waiting-for-jobs') return { state: 'idle', lastSyncAt: wallClock(state.lastAnswerAt) };
  return { state: 'running', job: job ?? { id: work.jobId, name: work.jobId, startedAt: clock.now() } };
}

function withJob(job: SnapshotJob | undefined): { job?: SnapshotJob } {
  return job ? { job } : {};
}

/** Counts the versions: of two snapshots the one with the higher version is the newer. */
export function createSnapshotMaker(endpoint: string): (agentName: string, status: AgentStatus) => AgentSnapshot {
  let version = 0;
  return (agentName, status) => {
    version += 1;
    return { version, agentName, endpoint, status };
  };
}
