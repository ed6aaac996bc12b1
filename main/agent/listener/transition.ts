import type {
  ConnectedState,
  Departure,
  ListenerEvent,
  ListenerRules,
  ListenerState,
  Transition,
} from './listener-state.ts';
import { whileRegistering } from './registering.ts';
import { answered, syncFailed } from './sync-answer.ts';
import {
  depart,
  end,
  fresh,
  gone,
  logged,
  register,
  startSync,
  stay,
  waitsForJob,
  wished,
  withTriesAnew,
} from './transition-steps.ts';

/*
 * The agent's life at the hub.
 *
 *   registering ──registered──▶ connected ──shutdown, second signal, 10 min without a sync, pause──▶ disconnecting
 *     ▲ ▲ │ 30 tries, or           │ 404 on a sync                                                       │ │ │
 *     │ │ │ refused (desktop)      │                                          ended ◀── running-hook ◀───┘ │ │
 *     │ └─┼────────────────────────┘                                                                       │ │
 *     │   └─▶ ended, or needs-attention                                                  stopped ◀─────────┘ │
 *     └──resume── paused, stopped, needs-attention                                       paused ◀────────────┘
 *
 * The hub gives a job out only in the answer to a sync that said `waiting-for-jobs`, and a disconnect deletes the agent with
 * its job unreported. So no disconnect leaves while a sync is in flight or a job is not reported.
 */

/** Tries of disconnect (reference agent), and the ms between two of them. */
const DISCONNECT_TRIES = 100;
const RETRY_MS = 1_000;
/** Behind a second signal nobody waits for a hub that is gone: it forgets the agent by itself. */
const HURRIED_TRIES = 3;

/**
 * How the agent begins: anew, or where a former one of this name was cut off. `away`: its owner wanted it away before; what a
 * former one left is reported, and then it is.
 */
export function begin(
  resumed: { readonly jobId: string; readonly at: number } | undefined,
  away?: Departure,
): Transition {
  if (!resumed) return away ? gone(away) : register(0);
  const { jobId, at } = resumed;
  const work =
    jobId === ''
      ? { state: 'waiting-for-jobs' as const }
      : { state: 'finished-job' as const, jobId, result: 'failed' as const };
  const told =
    jobId === ''
      ? 'Taking up the last registration'
      : `Taking up the last registration; job ${jobId} was cut off and is reported as failed`;
  const state: ConnectedState = { ...fresh(at), work, known: false, ...(away ? { afterJob: away } : {}) };
  return logged('info', told, startSync(state));
}

/** The next state and what is to be done. Events that mean nothing in a state are passed over there, on purpose. */
export function transition(state: ListenerState, event: ListenerEvent, rules: ListenerRules): Transition {
  switch (state.phase) {
    case 'registering':
      return whileRegistering(state, event, rules);
    case 'connected':
      return whileConnected(state, event, rules);
    case 'disconnecting':
      return whileDisconnecting(state, event);
    case 'running-hook':
      return whileRunningHook(state, event);
    case 'paused':
    case 'stopped':
    case 'needs-attention':
      return whileAway(state, event);
    case 'ended':
      return stay(state);
  }
}

/** The first signal may be the hook's own doing, which may shut the machine down. The second one ends it. */
function whileRunningHook(state: Extract<ListenerState, { phase: 'running-hook' }>, event: ListenerEvent): Transition {
  if (event.kind === 'hook-ended') return end(state.exitCode);
  if (event.kind !== 'interrupted') return stay(state);
  if (state.signalled) return logged('warn', 'Ending the shutdown hook', { state, effects: [{ kind: 'end-hook' }] });
  const told = 'Interrupted: the shutdown hook is let finish. Interrupt again to end it';
  return logged('info', told, stay({ ...state, signalled: true }));
}

/** Without a registration, by somebody's wish or for want of a good setting. */
function whileAway(state: ListenerState, event: ListenerEvent): Transition {
  if (event.kind === 'resume') return register(0);
  if (event.kind === 'disconnect') return gone(wished(event));
  return event.kind === 'interrupted' ? gone({ kind: 'end', reason: 'INTERRUPTED', exitCode: 0 }) : stay(state);
}

function whileConnected(state: ConnectedState, event: ListenerEvent, rules: ListenerRules): Transition {
  switch (event.kind) {
    case 'wait-over':
      return startSync(state);
    case 'sync-answered':
      return answered(state, event, rules);
    case 'sync-failed':
      return syncFailed(state, event, rules);
    case 'job-running':
      return isJob(state, event.jobId) && state.work.state === 'starting-job'
        ? stay({ ...state, work: { state: 'running-job', jobId: event.jobId } })
        : stay(state);
    case 'job-ended':
      return isJob(state, event.jobId) ? jobEnded(state, event) : stay(state);
    case 'interrupted':
      return interrupted(state, event.unixSeconds);
    case 'pause':
    case 'disconnect':
      return isLeavingForGood(state) ? stay(state) : depart(state, wished(event));
    case 'woken':
      return woken(state);
    case 'resume':
      return isWaitingToLeave(state) ? startSync({ ...state, afterJob: 'go-on' }) : stay(state);
    default:
      return stay(state);
  }
}

/**
 * A connection from before hangs until its time-out: what is in flight on it is given up and sent anew. A network takes its
 * seconds to be there, so the pauses between tries begin anew as well.
 */
function woken(before: ConnectedState): Transition {
  const state = withTriesAnew(before);
  const next = startSync(state);
  return state.sync === 'none' ? next : { state: next.state, effects: [{ kind: 'give-call-up' }] };
}

/** The owner wants it away behind its job, and may still think better of it. */
function isWaitingToLeave({ afterJob }: ConnectedState): boolean {
  return typeof afterJob === 'object' && waitsForJob(afterJob);
}

/** The hub let it go, or it was told to stop its job and leave: no later wish undoes that. */
function isLeavingForGood(state: ConnectedState): boolean {
  return typeof state.afterJob === 'object' && !isWaitingToLeave(state);
}

function isJob(state: ConnectedState, jobId: string): boolean {
  return state.work.state !== 'waiting-for-jobs' && state.work.jobId === jobId;
}

/** The hub hears of it at once, and before everything else. Where it has forgotten us there is nobody to tell. */
function jobEnded(state: ConnectedState, event: Extract<ListenerEvent, { kind: 'job-ended' }>): Transition {
  if (state.afterJob === 'register-again') return register(state.interruptedAt);
  const { failing } = withTriesAnew(state);
  return startSync({ ...state, failing, work: { state: 'finished-job', jobId: event.jobId, result: event.result } });
}

/** The first signal: the hub decides. The second: the job is stopped, reported, and the agent goes. The third: it just goes. */
function interrupted(state: ConnectedState, unixSeconds: number): Transition {
  if (state.interruptedAt === 0) {
    const told = startSync({ ...state, interruptedAt: unixSeconds });
    return logged(
      'info',
      'Interrupted: the hub was asked to let this agent go. Interrupt again to leave at once',
      told,
    );
  }
  if (typeof state.afterJob === 'object' && state.afterJob.kind === 'end') {
    return logged('warn', 'Leaving without another word', end(1));
  }
  const leaving = depart(state, { kind: 'end', reason: 'INTERRUPTED', exitCode: 0, hurried: true });
  return logged('info', 'Interrupted again: leaving at once', leaving);
}

function whileDisconnecting(
  state: Extract<ListenerState, { phase: 'disconnecting' }>,
  event: ListenerEvent,
): Transition {
  const then = state.resuming ? register(0) : gone(state.departure);
  switch (event.kind) {
    case 'disconnected':
      return logged('info', 'Disconnected', then);
    case 'disconnect-failed': {
      const attempt = state.attempt + 1;
      const { departure } = state;
      const tries = departure.kind === 'end' && departure.hurried ? HURRIED_TRIES : DISCONNECT_TRIES;
      if (attempt >= tries) {
        return logged('error', `Could not disconnect after ${attempt} tries: ${event.problem}`, then);
      }
      return { state: { ...state, attempt }, effects: [{ kind: 'wait', ms: RETRY_MS }] };
    }
    case 'wait-over':
      return { state, effects: [{ kind: 'disconnect' }] };
    case 'woken':
      return { state, effects: [{ kind: 'give-call-up' }] };
    case 'pause':
    case 'disconnect':
      return state.departure.kind === 'end'
        ? stay(state)
        : stay({ ...state, departure: wished(event), resuming: false });
    case 'resume':
      return stay({ ...state, resuming: state.departure.kind !== 'end' });
    case 'interrupted':
      return logged(
        'warn',
        'Leaving without a disconnect: the hub will forget this agent by itself',
        gone(state.departure.kind === 'end' ? state.departure : { kind: 'end', reason: 'INTERRUPTED', exitCode: 0 }),
      );
    default:
      return stay(state);
  }
}
