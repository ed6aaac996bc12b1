import type { AgentState, JobResult, SyncRequest, SyncResponse } from '../hub/wire.ts';

/** What the agent's owner configured about its life. */
export interface ListenerRules {
  /** Register as `single_job`: the hub ends the agent after one job; a lost registration is not renewed. */
  readonly disconnectAfterJob: boolean;
}

/** Why the agent ends, in the words of the shutdown hook (`SEMAPHORE_AGENT_SHUTDOWN_REASON`). */
export type ShutdownReason = 'IDLE' | 'JOB_FINISHED' | 'REQUESTED' | 'INTERRUPTED' | 'UNABLE_TO_SYNC' | 'UNKNOWN';

/** The job, as a sync tells of it. */
export type Work =
  | { readonly state: 'waiting-for-jobs' }
  | { readonly state: 'starting-job' | 'running-job' | 'stopping-job'; readonly jobId: string }
  | { readonly state: 'finished-job'; readonly jobId: string; readonly result: JobResult };

/** `in-flight-again`: something changed meanwhile, so the next sync follows the answer at once. */
export type SyncStatus = 'none' | 'in-flight' | 'in-flight-again';

/** Why the agent goes, and with which exit code, once its job is over. */
export interface Departure {
  readonly reason: ShutdownReason;
  readonly exitCode: 0 | 1;
}

export type ListenerState =
  | {
      readonly phase: 'registering';
      readonly attempt: number;
      /** A try is on its way; else one is waited for. */
      readonly trying: boolean;
      readonly interruptedAt: number;
    }
  | {
      readonly phase: 'connected';
      readonly work: Work;
      readonly sync: SyncStatus;
      /** Unix seconds; 0 if nobody asked the agent to go. */
      readonly interruptedAt: number;
      /** Monotonic ms of the last sync that was answered. */
      readonly lastAnswerAt: number;
      /** False while a registration that was taken up has not been answered to yet. */
      readonly known: boolean;
      /** The hub forgot this agent, or the agent is to go: what follows when the job has ended. */
      readonly afterJob: 'go-on' | 'register-again' | Departure;
    }
  | { readonly phase: 'disconnecting'; readonly attempt: number; readonly departure: Departure }
  | { readonly phase: 'running-hook'; readonly departure: Departure }
  | { readonly phase: 'ended'; readonly exitCode: number };

export type ConnectedState = Extract<ListenerState, { phase: 'connected' }>;

export type ListenerEvent =
  | { readonly kind: 'registered'; readonly at: number }
  | { readonly kind: 'register-failed'; readonly problem: string }
  | { readonly kind: 'wait-over' }
  | { readonly kind: 'sync-answered'; readonly sent: AgentState; readonly response: SyncResponse; readonly at: number }
  | { readonly kind: 'sync-failed'; readonly status: number; readonly problem: string; readonly at: number }
  | { readonly kind: 'job-running'; readonly jobId: string }
  | { readonly kind: 'job-ended'; readonly jobId: string; readonly result: JobResult }
  /** SIGTERM or SIGINT; `unixSeconds` of the moment. */
  | { readonly kind: 'interrupted'; readonly unixSeconds: number }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'disconnect-failed'; readonly problem: string }
  | { readonly kind: 'hook-ended' };

export type ListenerEffect =
  | { readonly kind: 'register' }
  /** One timer: a new one takes the place of the old. Without `ms` a random 3 to 6 s, as the reference agent does. */
  | { readonly kind: 'wait'; readonly ms?: number }
  | { readonly kind: 'sync'; readonly request: SyncRequest }
  | { readonly kind: 'start-job'; readonly jobId: string }
  | { readonly kind: 'stop-job' }
  | { readonly kind: 'save-session'; readonly jobId: string }
  | { readonly kind: 'forget-session' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'run-hook'; readonly reason: ShutdownReason }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly kind: 'end'; readonly exitCode: number };

/** What a transition gives: the next state, and what is to be done, in this order. */
export interface Transition {
  readonly state: ListenerState;
  readonly effects: readonly ListenerEffect[];
}
