import type { AgentState, JobResult, SyncRequest, SyncResponse } from '../hub/wire.ts';

/** What the agent's owner configured about its life. */
export interface ListenerRules {
  /** Register as `single_job`: the hub ends the agent after one job; a lost registration is not renewed. */
  readonly disconnectAfterJob: boolean;
  /** The desktop's way: where the command line ends, the agent stays and can be connected again. */
  readonly staysAlive: boolean;
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

/** What becomes of the agent once it has disconnected. */
export type Departure =
  /** `hurried`: somebody stands there and waits. */
  | { readonly kind: 'end'; readonly reason: ShutdownReason; readonly exitCode: 0 | 1; readonly hurried?: true }
  /** The process stays, without a registration, until it is resumed. */
  | { readonly kind: 'pause' }
  /** The same, until somebody connects it again. `patient`: a job that runs is let end first. */
  | { readonly kind: 'stop'; readonly reason: StopReason; readonly patient?: true };

/** Why an agent of the desktop is disconnected: its owner wished it, or what would have ended it on the command line. */
export type StopReason = ShutdownReason | 'DISCONNECTED';

export type ListenerState =
  | {
      readonly phase: 'registering';
      readonly attempt: number;
      /** A try is on its way; else one is waited for. */
      readonly trying: boolean;
      /** What became of the last try; empty before the first one failed. */
      readonly problem: string;
      /** Somebody wants it away meanwhile: a try that succeeds is given back for that. */
      readonly leaving: Departure | undefined;
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
      /** Since when syncs have failed, in monotonic ms, how many, and why. */
      readonly failing: { readonly since: number; readonly tries: number; readonly problem: string } | undefined;
      /** False while a registration that was taken up has not been answered to yet. */
      readonly known: boolean;
      /** What follows when the job has ended and was reported: nothing, or the hub forgot this agent, or the agent is to go. */
      readonly afterJob: 'go-on' | 'register-again' | Departure;
    }
  /** `resuming`: it is to register again as soon as it is disconnected. */
  | {
      readonly phase: 'disconnecting';
      readonly attempt: number;
      readonly departure: Departure;
      readonly resuming: boolean;
    }
  /** `signalled`: one more signal ends the hook. */
  | { readonly phase: 'running-hook'; readonly exitCode: 0 | 1; readonly signalled: boolean }
  | { readonly phase: 'paused' }
  | { readonly phase: 'stopped'; readonly reason: StopReason }
  /** The hub refuses the registration, by this HTTP status: somebody has to change a setting. */
  | { readonly phase: 'needs-attention'; readonly status: number; readonly problem: string }
  | { readonly phase: 'ended'; readonly exitCode: number };

export type ConnectedState = Extract<ListenerState, { phase: 'connected' }>;

/** A call to the hub that failed. `status`: 0 where no answer came. `retryAfterMs`: as the hub asks for; 0 where it does not. */
export interface FailedCall {
  readonly status: number;
  readonly problem: string;
  readonly retryAfterMs?: number;
}

export type ListenerEvent =
  | { readonly kind: 'registered'; readonly at: number }
  | ({ readonly kind: 'register-failed' } & FailedCall)
  | { readonly kind: 'wait-over' }
  | { readonly kind: 'sync-answered'; readonly sent: AgentState; readonly response: SyncResponse; readonly at: number }
  | ({ readonly kind: 'sync-failed'; readonly at: number } & FailedCall)
  | { readonly kind: 'job-running'; readonly jobId: string }
  | { readonly kind: 'job-ended'; readonly jobId: string; readonly result: JobResult }
  /** SIGTERM or SIGINT; `unixSeconds` of the moment. */
  | { readonly kind: 'interrupted'; readonly unixSeconds: number }
  /** The owner wants no new job here: now if idle, else after the job. */
  | { readonly kind: 'pause' }
  /** The owner wants it away until it is connected again: behind the job that runs, or with that one stopped. */
  | { readonly kind: 'disconnect'; readonly job: 'finish' | 'stop' }
  /** The machine slept, or its network changed: what is waited for is tried at once, and what is under way is begun anew. */
  | { readonly kind: 'woken' }
  /** The owner takes a pause or a disconnect back, or connects an agent that stopped. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'disconnect-failed'; readonly problem: string }
  | { readonly kind: 'hook-ended' };

export type ListenerEffect =
  | { readonly kind: 'register' }
  /** One timer: a new one takes the place of the old. Without `ms` a random 3 to 6 s, as the reference agent does. */
  | { readonly kind: 'wait'; readonly ms?: number }
  | { readonly kind: 'sync'; readonly request: SyncRequest }
  /** Gives the call that is under way up, so that it fails now. */
  | { readonly kind: 'give-call-up' }
  | { readonly kind: 'start-job'; readonly jobId: string }
  | { readonly kind: 'stop-job' }
  | { readonly kind: 'save-session'; readonly jobId: string }
  | { readonly kind: 'forget-session' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'run-hook'; readonly reason: ShutdownReason }
  | { readonly kind: 'end-hook' }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly kind: 'end'; readonly exitCode: number };

/** What a transition gives: the next state, and what is to be done, in this order. */
export interface Transition {
  readonly state: ListenerState;
  readonly effects: readonly ListenerEffect[];
}
