import { takeRestart } from './restart-budget.ts';

/*
 * The life of the agent's process, as the main process sees it.
 *
 *   off ──start──▶ starting ──ready──▶ configuring ──configured──▶ running ◀──answered──┐
 *    ▲ ▲              │ too long          │ too long                 │ timer            │
 *    │ │              ▼                   ▼                          ▼                  │
 *    │ │           ending ◀───────────────┴──── no answer, twice ── asked ──timer──▶ asked again
 *    │ └─exited, no restart left─┐  │
 *    │                           └──┴──exited──▶ starting (three times in ten minutes)
 *    └──exited── leaving ◀──leave── (any)
 *
 * A process that goes without being asked has crashed, whatever its exit code says. One that does not answer is asked a second
 * time before it is ended: behind a sleep of the machine the first limit may have passed for both sides at once.
 */

/** From the start of the process to its first message, and from its settings to its answer, in ms. */
const READY_LIMIT_MS = 20_000;
const START_LIMIT_MS = 15_000;
/** Between an answer and the next question, and how long the first and the second may go unanswered, in ms. */
const BEAT_MS = 30_000;
const FIRST_LIMIT_MS = 5_000;
const SECOND_LIMIT_MS = 10_000;

/** A line of the window and of the tray takes so much of why it ended, in characters. */
const LONGEST_REASON = 160;

export type SupervisionState = {
  /** When it was started again, in monotonic ms. */
  readonly restarts: readonly number[];
} & (
  | { readonly phase: 'off' | 'starting' | 'configuring' | 'leaving' }
  | { readonly phase: 'running'; readonly beat: 'resting' | 'asked' | 'asked-again' }
  /** It was killed, for this reason, and is about to be gone. */
  | { readonly phase: 'ending'; readonly reason: string }
);

export type SupervisionEvent =
  /** Somebody wants an agent. */
  | { readonly kind: 'start' }
  | { readonly kind: 'ready' }
  /** It has its settings. `problem`: what is wrong with them, or empty. */
  | { readonly kind: 'configured'; readonly problem: string }
  /** It answered a question. */
  | { readonly kind: 'answered' }
  /** The one timer has run out. */
  | { readonly kind: 'timer' }
  /** The machine slept and is awake again. */
  | { readonly kind: 'resumed' }
  /** `at`: monotonic ms. `lastError`: what it wrote last of that kind, or empty. */
  | { readonly kind: 'exited'; readonly at: number; readonly lastError: string }
  /** It is to go, and its end is no crash. */
  | { readonly kind: 'leave' };

export type SupervisionEffect =
  | { readonly kind: 'fork' | 'configure' | 'ask' | 'kill' | 'tell-started' }
  /** Takes the place of the one before. 0: none runs. */
  | { readonly kind: 'timer'; readonly ms: number }
  /** `reason`: why it was killed; empty where it went by itself. */
  | { readonly kind: 'tell-crashed'; readonly reason: string; readonly isStartedAgain: boolean }
  | { readonly kind: 'give-up'; readonly cause: 'settings' | 'crashed'; readonly problem: string };

export interface Supervision {
  readonly state: SupervisionState;
  readonly effects: readonly SupervisionEffect[];
}

export const NOT_STARTED: SupervisionState = { phase: 'off', restarts: [] };

/** The next state and what is to be done. What means nothing in a state is passed over there, on purpose. */
export function supervise(state: SupervisionState, event: SupervisionEvent): Supervision {
  const { restarts } = state;
  switch (event.kind) {
    case 'start':
      return state.phase === 'off' ? begin(restarts) : stay(state);
    case 'ready':
      return state.phase === 'starting'
        ? { state: { phase: 'configuring', restarts }, effects: [{ kind: 'configure' }, timer(START_LIMIT_MS)] }
        : stay(state);
    case 'configured':
      return state.phase === 'configuring' ? configured(restarts, event.problem) : stay(state);
    case 'answered':
      return state.phase === 'running' ? rest(restarts) : stay(state);
    case 'timer':
      return overdue(state);
    case 'resumed':
      return resumed(state);
    case 'exited':
      return exited(state, event);
    case 'leave':
      return state.phase === 'off' ? stay(state) : { state: { phase: 'leaving', restarts }, effects: [timer(0)] };
  }
}

function begin(restarts: readonly number[]): Supervision {
  return { state: { phase: 'starting', restarts }, effects: [{ kind: 'fork' }, timer(READY_LIMIT_MS)] };
}

function configured(restarts: readonly number[], problem: string): Supervision {
  if (problem === '') {
    const running = rest(restarts);
    return { state: running.state, effects: [{ kind: 'tell-started' }, ...running.effects] };
  }
  return {
    state: { phase: 'off', restarts },
    effects: [timer(0), { kind: 'kill' }, { kind: 'give-up', cause: 'settings', problem }],
  };
}

function rest(restarts: readonly number[]): Supervision {
  return { state: { phase: 'running', beat: 'resting', restarts }, effects: [timer(BEAT_MS)] };
}

function overdue(state: SupervisionState): Supervision {
  const { restarts } = state;
  switch (state.phase) {
    case 'starting':
      return kill(restarts, `it was not ready after ${READY_LIMIT_MS / 1000} s`);
    case 'configuring':
      return kill(restarts, `it did not take its settings within ${START_LIMIT_MS / 1000} s`);
    case 'running':
      if (state.beat === 'resting') return ask(restarts, 'asked');
      if (state.beat === 'asked') return ask(restarts, 'asked-again');
      return kill(restarts, `it did not answer for ${(FIRST_LIMIT_MS + SECOND_LIMIT_MS) / 1000} s`);
    default:
      return stay(state);
  }
}

function ask(restarts: readonly number[], beat: 'asked' | 'asked-again'): Supervision {
  const limit = beat === 'asked' ? FIRST_LIMIT_MS : SECOND_LIMIT_MS;
  return { state: { phase: 'running', beat, restarts }, effects: [{ kind: 'ask' }, timer(limit)] };
}

/** What ran out during the sleep does not count: every limit begins anew. */
function resumed(state: SupervisionState): Supervision {
  switch (state.phase) {
    case 'starting':
      return { state, effects: [timer(READY_LIMIT_MS)] };
    case 'configuring':
      return { state, effects: [timer(START_LIMIT_MS)] };
    case 'running':
      return ask(state.restarts, 'asked');
    default:
      return stay(state);
  }
}

function kill(restarts: readonly number[], reason: string): Supervision {
  return { state: { phase: 'ending', reason, restarts }, effects: [timer(0), { kind: 'kill' }] };
}

function exited(
  state: SupervisionState,
  { at, lastError }: Extract<SupervisionEvent, { kind: 'exited' }>,
): Supervision {
  if (state.phase === 'off') return stay(state);
  if (state.phase === 'leaving') return stay({ phase: 'off', restarts: state.restarts });
  const reason = state.phase === 'ending' ? state.reason : '';
  const restarts = takeRestart(state.restarts, at);
  const told = { kind: 'tell-crashed', reason, isStartedAgain: restarts !== undefined } as const;
  if (restarts) {
    const again = begin(restarts);
    return { state: again.state, effects: [told, ...again.effects] };
  }
  const problem = `It crashed four times in ten minutes and stays down until you try again · ${lastWords(reason || lastError)}`;
  return {
    state: { phase: 'off', restarts: state.restarts },
    effects: [told, timer(0), { kind: 'give-up', cause: 'crashed', problem }],
  };
}

/** An agent that could not even begin has no log that would say why. */
function lastWords(why: string): string {
  const told = why.length > LONGEST_REASON ? `${why.slice(0, LONGEST_REASON)}…` : why;
  return told === '' ? 'the agent log says why' : `the last time: ${told}`;
}

function timer(ms: number): SupervisionEffect {
  return { kind: 'timer', ms };
}

function stay(state: SupervisionState): Supervision {
  return { state, effects: [] };
}
