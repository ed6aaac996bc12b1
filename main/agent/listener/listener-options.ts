import type { HubClient } from '../hub/hub-client.ts';
import type { JobResult, RegisterRequest } from '../hub/wire.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { ListenerRules, ListenerState, ShutdownReason } from './listener-state.ts';
import type { SessionStore } from './session-store.ts';

/** A job that was begun. `ended` never rejects. */
export interface RunningJob {
  readonly ended: Promise<{ readonly result: JobResult }>;
  /** May be called at any moment, and again. */
  stop(): void;
}

/** How a job is begun: the request is still to be fetched. `onRunning`: it was, and makes sense. */
export type StartJob = (jobId: string, accessToken: () => string, onRunning: () => void) => RunningJob;

export interface ListenerOptions {
  readonly hub: HubClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: {
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
    setName(name: string): void;
  };
  readonly registration: RegisterRequest;
  readonly rules: ListenerRules;
  readonly store: SessionStore;
  readonly startJob: StartJob;
  /** Told of every change. `nextAt`: when the timer that runs is due, in ms since the Unix epoch; 0 if none runs. */
  readonly onChange?: (state: ListenerState, name: string, nextAt: number) => void;
  /** Told of every sync that failed. */
  readonly onSyncFailed?: () => void;
  /** Resolves when the hook ended, however it did. `signal` ends it. */
  readonly runShutdownHook: (reason: ShutdownReason, signal: AbortSignal) => Promise<void>;
}
