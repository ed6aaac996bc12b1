import type { ListenerEvent, ListenerRules, ListenerState, Transition } from './listener-state.ts';
import { disconnect, end, fresh, gone, logged, startSync, stay, wished } from './transition-steps.ts';

/** Tries of the command line's agent (reference agent), and the ms between two of them. */
const REGISTER_TRIES = 30;
const RETRY_MS = 1_000;
/** The desktop tries for ever, but less and less often. */
const SLOWEST_RETRY_MS = 60_000;
/** Answers to register that the same settings would only get again. */
const REFUSED_FOR_GOOD = [401, 404, 422];

type RegisteringState = Extract<ListenerState, { phase: 'registering' }>;

/** What follows while the hub has not taken the agent in yet. */
export function whileRegistering(state: RegisteringState, event: ListenerEvent, rules: ListenerRules): Transition {
  switch (event.kind) {
    case 'registered': {
      // It has never synced: no job can be lost by going at once.
      if (state.leaving) return disconnect(state.leaving);
      const synced = startSync({ ...fresh(event.at), interruptedAt: state.interruptedAt });
      return { state: synced.state, effects: [{ kind: 'save-session', jobId: '' }, ...synced.effects] };
    }
    case 'register-failed':
      return registerFailed(state, event, rules);
    case 'wait-over':
      return { state: { ...state, trying: true }, effects: [{ kind: 'register' }] };
    case 'pause':
    case 'disconnect': {
      const leaving = wished(event);
      return state.trying ? stay({ ...state, leaving }) : gone(leaving);
    }
    case 'woken':
      if (state.trying) return { state: { ...state, attempt: 0 }, effects: [{ kind: 'give-call-up' }] };
      return { state: { ...state, attempt: 0, trying: true }, effects: [{ kind: 'register' }] };
    case 'resume':
      return stay({ ...state, leaving: undefined });
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
  { status, problem, retryAfterMs = 0 }: Extract<ListenerEvent, { kind: 'register-failed' }>,
  rules: ListenerRules,
): Transition {
  const attempt = state.attempt + 1;
  if (state.interruptedAt > 0) return end(0);
  if (state.leaving) return gone(state.leaving);
  if (rules.staysAlive && REFUSED_FOR_GOOD.includes(status)) {
    return logged('error', `Could not register: ${problem}`, stay({ phase: 'needs-attention', status, problem }));
  }
  if (attempt >= REGISTER_TRIES && !rules.staysAlive) {
    return logged('error', `Could not register after ${attempt} tries: ${problem}`, end(1));
  }
  const own = rules.staysAlive ? Math.min(SLOWEST_RETRY_MS, RETRY_MS * 2 ** (attempt - 1)) : RETRY_MS;
  const ms = Math.max(own, Math.min(retryAfterMs, SLOWEST_RETRY_MS));
  const rest = REGISTER_TRIES - attempt;
  const left = rules.staysAlive ? '' : `, ${rest} ${rest === 1 ? 'try' : 'tries'} left`;
  const next: Transition = { state: { ...state, attempt, trying: false, problem }, effects: [{ kind: 'wait', ms }] };
  return logged('warn', `Could not register: ${problem}. Trying again${left}`, next);
}
