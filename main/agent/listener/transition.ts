import type {
  ConnectedState,
  Departure,
  ListenerEffect,
  ListenerEvent,
  ListenerRules,
  ListenerState,
  Transition,
} from './listener-state.ts';
import { answered, syncFailed } from './sync-answer.ts';
import { depart, logged, register, startSync } from './transition-steps.ts';

/*
 * The agent's life at the hub.
 *
 *   registering ──registered──▶ connected ──shutdown, second signal, 10 min without a sync──▶ disconnecting ──▶ running-hook ──▶ ended
 *        ▲  │ 30 tries              │ 404 on a sync                                                             ▲
 *        │  └───────────────────────┼──────────────────────────── (never registered: no disconnect, no hook) ───┘
 *        └──────────────────────────┘
 *
 * The hub gives a job out only in the answer to a sync that said `waiting-for-jobs`, and a disconnect deletes the agent with
 * its job unreported. So no disconnect leaves while a sync is in flight or a job is not reported.
 */

/** Tries of register, 1 s apart, and of disconnect (reference agent). */
const REGISTER_TRIES = 30;
const DISCONNECT_TRIES = 100;
const RETRY_MS = 1_000;

/** How the agent begins: anew, or where a former one of this name was cut off. */
export function begin(resumed: { readonly jobId: string; readonly at: number } | undefined): Transition {
  if (!resumed) return register(0);
  const { jobId, at } = resumed;
  const work =
    jobId === ''
      ? { state: 'waiting-for-jobs' as const }
      : { state: 'finished-job' as const, jobId, result: 'failed' as const };
  const told =
    jobId === ''
      ? 'Taking up the last registration'
      : `Taking up the last registration; job ${jobId} was cut off and is reported as failed`;
  const state: ConnectedState = { ...fresh(at), work, known: false };
  return logged('info', told, startSync(state));
}

/** The next state and what is to be done. Events that mean nothing in a state are passed over there, on purpose. */
export function transition(state: ListenerState, event: ListenerEvent, rules: ListenerRules): Transition {
  switch (state.phase) {
    case 'registering':
      return whileRegistering(state, event);
    case 'connected':
      return whileConnected(state, event, rules);
    case 'disconnecting':
      return whileDisconnecting(state, event);
    case 'running-hook':
      return event.kind === 'hook-ended' ? end(state.departure) : stay(state);
    case 'ended':
      return stay(state);
  }
}

function whileRegistering(state: Extract<ListenerState, { phase: 'registering' }>, event: ListenerEvent): Transition {
  switch (event.kind) {
    case 'registered': {
      const synced = startSync({ ...fresh(event.at), interruptedAt: state.interruptedAt });
      return { state: synced.state, effects: [{ kind: 'save-session', jobId: '' }, ...synced.effects] };
    }
    case 'register-failed': {
      const attempt = state.attempt + 1;
      if (state.interruptedAt > 0) return end({ reason: 'INTERRUPTED', exitCode: 0 });
      if (attempt >= REGISTER_TRIES) {
        const ended = end({ reason: 'UNKNOWN', exitCode: 1 });
        return logged('error', `Could not register after ${attempt} tries: ${event.problem}`, ended);
      }
      const left = REGISTER_TRIES - attempt;
      const next: Transition = {
        state: { ...state, attempt, trying: false },
        effects: [{ kind: 'wait', ms: RETRY_MS }],
      };
      return logged('warn', `Could not register: ${event.problem}. Trying again, ${left} tries left`, next);
    }
    case 'wait-over':
      return { state: { ...state, trying: true }, effects: [{ kind: 'register' }] };
    case 'interrupted':
      // If the try that is on its way succeeds, the hub hears of the interruption by the first sync.
      if (!state.trying || state.interruptedAt > 0) return end({ reason: 'INTERRUPTED', exitCode: 0 });
      return { state: { ...state, interruptedAt: event.unixSeconds }, effects: [] };
    default:
      return stay(state);
  }
}

function whileConnected(state: ConnectedState, event: ListenerEvent, rules: ListenerRules): Transition {
  switch (event.kind) {
    case 'wait-over':
      return startSync(state);
    case 'sync-answered':
      return answered(state, event);
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
    default:
      return stay(state);
  }
}

function isJob(state: ConnectedState, jobId: string): boolean {
  return state.work.state !== 'waiting-for-jobs' && state.work.jobId === jobId;
}

/** The hub hears of it at once, and before everything else. Where it has forgotten us there is nobody to tell. */
function jobEnded(state: ConnectedState, event: Extract<ListenerEvent, { kind: 'job-ended' }>): Transition {
  if (state.afterJob === 'register-again') return register(state.interruptedAt);
  return startSync({ ...state, work: { state: 'finished-job', jobId: event.jobId, result: event.result } });
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
  if (typeof state.afterJob === 'object') {
    return logged('warn', 'Leaving without another word', end({ ...state.afterJob, exitCode: 1 }));
  }
  return logged('info', 'Interrupted again: leaving at once', depart(state, { reason: 'INTERRUPTED', exitCode: 0 }));
}

function whileDisconnecting(
  state: Extract<ListenerState, { phase: 'disconnecting' }>,
  event: ListenerEvent,
): Transition {
  const { departure } = state;
  const hook: Transition = {
    state: { phase: 'running-hook', departure },
    effects: [{ kind: 'forget-session' }, { kind: 'run-hook', reason: departure.reason }],
  };
  switch (event.kind) {
    case 'disconnected':
      return logged('info', 'Disconnected', hook);
    case 'disconnect-failed': {
      const attempt = state.attempt + 1;
      if (attempt >= DISCONNECT_TRIES) {
        return logged('error', `Could not disconnect after ${attempt} tries: ${event.problem}`, hook);
      }
      return { state: { ...state, attempt }, effects: [{ kind: 'wait', ms: RETRY_MS }] };
    }
    case 'wait-over':
      return { state, effects: [{ kind: 'disconnect' }] };
    case 'interrupted':
      return logged('warn', 'Leaving without a disconnect: the hub will forget this agent by itself', hook);
    default:
      return stay(state);
  }
}

function end(departure: Departure): Transition {
  const effects: ListenerEffect[] = [{ kind: 'end', exitCode: departure.exitCode }];
  return { state: { phase: 'ended', exitCode: departure.exitCode }, effects };
}

function fresh(at: number): ConnectedState {
  return {
    phase: 'connected',
    work: { state: 'waiting-for-jobs' },
    sync: 'none',
    interruptedAt: 0,
    lastAnswerAt: at,
    known: true,
    afterJob: 'go-on',
  };
}

function stay(state: ListenerState): Transition {
  return { state, effects: [] };
}
