import type { AgentSnapshot, AgentStatus, SnapshotJob } from '../../shared/agent-snapshot.ts';
import type { TailMessage } from '../../shared/contract/tail.ts';
import type { ViewId } from '../frame/view-store.ts';
import type { FakeMain, FakeResponder } from './fake-bridge.ts';
import type { FakeLog } from './fake-logs.ts';

/** One state of the window. */
export interface Story {
  readonly snapshot: AgentSnapshot;
  readonly view?: ViewId;
  readonly hasTray?: boolean;
  /** What its user has done before, in the stores. */
  readonly prepare?: () => void;
  readonly tail?: readonly TailMessage[];
  readonly requests?: FakeMain['requests'];
  /** What a main process does that tells of things as they happen. */
  readonly fakes?: (emit: FakeResponder['emit']) => FakeMain;
  /** The log that the log view finds. */
  readonly logs?: FakeLog;
}

/** When every story happens; tests stop the page's clock there. */
export const NOW = Date.now();
const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

export const JOB: SnapshotJob = {
  id: '5d8c1e0a-7a52-4a4b-9c59-1f0e3b8a9d21',
  name: 'Unit tests',
  startedAt: NOW - 134 * SECOND,
  command: { directive: 'npm test', number: 3, of: 7 },
  about: {
    project: 'web-frontend',
    ref: 'main',
    commit: '4f2c1e9b7d3a5c6e8f0a1b2c3d4e5f60718293a4',
    pipeline: 'Test and build',
    organizationUrl: 'https://acme.semaphoreci.com',
    executor: 'shell',
  },
};

/** A snapshot of an agent that is connected, in some state. */
export function snapshot(status: AgentStatus, more: Partial<AgentSnapshot> = {}): AgentSnapshot {
  return {
    version: 1,
    agentName: 'lap-42-office',
    endpoint: 'acme.semaphoreci.com',
    status,
    sync: { lastAt: NOW - 3 * SECOND, nextAt: NOW + 2 * SECOND },
    ...more,
  };
}

export const IDLE: AgentStatus = { state: 'idle', lastSyncAt: NOW - 3 * SECOND };
