import type { ConnectedState, ListenerEvent, ListenerRules, ListenerState, Transition } from './listener-state.ts';
import { answered, syncFailed } from './sync-answer.ts';
import { depart, disconnect, gone, logged, register, startSync } from './transition-steps.ts';

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

/** Tries of register, 1 s apart, and of disconnect (reference agent). */
const REGISTER_TRIES = 30;
const DISCONNECT_TRIES = 100;
/** Behind a second signal nobody waits for a hub that is gone: it forgets the agent by itself. */
const HURRIED_TRIES = 3;
const RETRY_MS = 1_000;
/** The desktop tries for ever, but less and less often. */
const SLOWEST_RETRY_MS = 60_000;
/** Answers to register that the same settings would only get again. */
const REFUSED_FOR_GOOD = [401, 404, 422];

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
      return whileRegistering(state, event, rules);
    case 'connected':
      return whileConnected(state, event, rules);
    case 'disconnecting':
      return whileDisconnecting(state, event);
    case 'running-hook':
      return event.kind === 'hook-ended' ? end(state.exitCode) : stay(state);
    case 'paused':
    case 'stopped':
    case 'needs-attention':
      return whileAway(state, event);
    case 'ended':
      return stay(state);
  }
}

type RegisteringState = Extract<ListenerState, { phase: 'registering' }>;

function whileRegistering(state: RegisteringState, event: ListenerEvent, rules: ListenerRules): Transition {
  switch (event.kind) {
    case 'registered': {
      // It has never synced: no job can be lost by going at once.
      if (state.pausing) return disconnect({ kind: 'pause' });
      const synced = startSync({ ...fresh(event.at), interruptedAt: state.interruptedAt });
      return { state: synced.state, effects: [{ kind: 'save-session', jobId: '' }, ...synced.effects] };
    }
    case 'register-failed':
      return registerFailed(state, event, rules);
    case 'wait-over':
      return { state: { ...state, trying: true }, effects: [{ kind: 'register' }] };
    case 'pause':
      return state.trying ? stay({ ...state, pausing: true }) : gone({ kind: 'pause' });
    case 'resume':
      return stay({ ...state, pausing: false });
    case 'interrupted':
      // If the try that is on its way succeeds, the hub hears of the interruption by the first sync.
      if (!state.trying || state.interruptedAt > 0) return end(0);
      return stay({ ...state, interruptedAt: event.unixSeconds });
    default:
      return stay(state);
  }
}

function registerFailed(
  state: RegisteringState,
  { status, problem }: Extract<ListenerEvent, { kind: 'register-failed' }>,
  rules: ListenerRules,
): Transition {
  const attempt = state.attempt + 1;
  if (state.interruptedAt > 0) return end(0);
  if (state.pausing) return gone({ kind: 'pause' });
  if (rules.staysAlive && REFUSED_FOR_GOOD.includes(status)) {
    return logged('error', `Could not register: ${problem}`, stay({ phase: 'needs-attention', problem }));
  }
  if (attempt >= REGISTER_TRIES && !rules.staysAlive) {
    return logged('error', `Could not register after ${attempt} tries: ${problem}`, end(1));
  }
  const ms = rules.staysAlive ? Math.min(SLOWEST_RETRY_MS, RETRY_MS * 2 ** (attempt - 1)) : RETRY_MS;
  const left = rules.staysAlive ? '' : `, ${REGISTER_TRIES - attempt} tries left`;
  const next: Transition = { state: { ...state, attempt, trying: false, problem }, effects: [{ kind: 'wait', ms }] };
  return logged('warn', `Could not register: ${problem}. Trying again${left}`, next);
}

/** Without a registration, by somebody's wish or for want of a good setting. */
function whileAway(state: ListenerState, event: ListenerEvent): Transition {
  if (event.kind === 'resume') return register(0);
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
      return typeof state.afterJob === 'object' ? stay(state) : depart(state, { kind: 'pause' });
    case 'resume':
      return isPausing(state) ? startSync({ ...state, afterJob: 'go-on' }) : stay(state);
    default:
      return stay(state);
  }
}

function isPausing({ afterJob }: ConnectedState): boolean {
  return typeof afterJob === 'object' && afterJob.kind === 'pause';
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
    case 'pause':
    case 'resume':
      return stay({ ...state, resuming: state.departure.kind === 'pause' && event.kind === 'resume' });
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

function end(exitCode: 0 | 1): Transition {
  return { state: { phase: 'ended', exitCode }, effects: [{ kind: 'end', exitCode }] };
}

function fresh(at: number): ConnectedState {
  return {
    phase: 'connected',
    work: { state: 'waiting-for-jobs' },
    sync: 'none',
    interruptedAt: 0,
    lastAnswerAt: at,
    failing: undefined,
    known: true,
    afterJob: 'go-on',
  };
}

function stay(state: ListenerState): Transition {
  return { state, effects: [] };
}
