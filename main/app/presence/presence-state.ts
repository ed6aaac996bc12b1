import type { Rest } from '../../../shared/contract/main-agent.ts';
import type { Pause } from '../../../shared/pause.ts';

/*
 * Whether this machine is to be an agent at the moment, and why not: what its owner wished by hand, what the power options
 * say, new settings that need a new registration, and the end of the app. The strongest of them decides; the agent is told
 * when that changes.
 *
 *   quit after the job ─▶ new settings after the job ─▶ disconnected by hand ─▶ paused by hand ─▶ paused by an option ─▶ connected
 *
 * A wish of the owner's is taken back by the owner, or by the end that it was given, and by nothing else.
 */

export type Wish =
  | { readonly kind: 'connected' }
  | { readonly kind: 'paused'; readonly pause: Pause }
  | { readonly kind: 'disconnected' };

export interface PresenceState {
  /** By hand. Kept on the disk. */
  readonly wish: Wish;
  /** What the power options say at the moment. */
  readonly policy: Pause | undefined;
  /** The owner wants to be connected in spite of what they say, until they say something else. */
  readonly overridden: boolean;
  /** Settings wait that need a new registration, behind the current job. */
  readonly restarting: boolean;
  /** The app goes when the current job has ended. */
  readonly quitting: boolean;
}

export type PresenceEvent =
  | { readonly kind: 'pause'; readonly pause: Pause }
  | { readonly kind: 'resume' }
  | { readonly kind: 'disconnect'; readonly job: 'finish' | 'stop' }
  /** Time has passed, or the power has changed. `now`: ms since the Unix epoch. */
  | { readonly kind: 'look'; readonly now: number; readonly onBattery: boolean; readonly policy: Pause | undefined }
  /** Settings were saved that the hub has to hear of. */
  | { readonly kind: 'settings' }
  /** The agent is without a registration and without a job. */
  | { readonly kind: 'away' }
  /** An agent has begun, with all that is saved. */
  | { readonly kind: 'started' }
  | { readonly kind: 'quit-after-job' };

export type PresenceEffect =
  | { readonly kind: 'pause' | 'resume' | 'restart' | 'leave' | 'keep' }
  | { readonly kind: 'disconnect'; readonly job: 'finish' | 'stop' };

export interface Presence {
  readonly state: PresenceState;
  /** In this order. */
  readonly effects: readonly PresenceEffect[];
}

/** How the app begins, with what it kept. */
export function beginPresence(wish: Wish): PresenceState {
  return { wish, policy: undefined, overridden: false, restarting: false, quitting: false };
}

/** Where an agent begins that is started now. */
export function restOf(state: PresenceState): Rest {
  if (state.wish.kind === 'disconnected') return 'disconnected';
  return pauseOf(state) ? 'paused' : 'connected';
}

/** The pause that holds, if one does. */
export function pauseOf({ wish, policy, overridden }: PresenceState): Pause | undefined {
  if (wish.kind === 'paused') return wish.pause;
  return wish.kind === 'connected' && !overridden ? policy : undefined;
}

/** The next state and what is to be done. */
export function presence(state: PresenceState, event: PresenceEvent): Presence {
  switch (event.kind) {
    case 'pause':
      return told(state, { ...state, wish: { kind: 'paused', pause: event.pause } }, [{ kind: 'keep' }]);
    case 'resume':
      return resume(state);
    case 'disconnect':
      return disconnect(state, event.job);
    case 'look':
      return look(state, event);
    case 'settings':
      return { state: { ...state, restarting: true }, effects: [{ kind: 'disconnect', job: 'finish' }] };
    case 'away':
      if (state.quitting) return { state, effects: [{ kind: 'leave' }] };
      return state.restarting
        ? { state: { ...state, restarting: false }, effects: [{ kind: 'restart' }] }
        : stay(state);
    case 'started':
      return stay({ ...state, restarting: false });
    case 'quit-after-job':
      return { state: { ...state, quitting: true }, effects: [{ kind: 'disconnect', job: 'finish' }] };
  }
}

/**
 * Takes back that the app is to go, too. The agent hears of it in any case, unless it goes for new settings: it may have been let
 * go by the hub, which is no wish of anybody's here.
 */
function resume(state: PresenceState): Presence {
  const overridden = state.policy !== undefined;
  const next: PresenceState = { ...state, wish: { kind: 'connected' }, overridden, quitting: false };
  return { state: next, effects: [{ kind: 'keep' }, ...(isLeaving(next) ? [] : [{ kind: 'resume' } as const])] };
}

/** To stop the job goes over everything else that waits for its end. */
function disconnect(state: PresenceState, job: 'finish' | 'stop'): Presence {
  const next: PresenceState = { ...state, wish: { kind: 'disconnected' } };
  const isKnown = isLeaving(state) && job === 'finish';
  return { state: next, effects: [{ kind: 'keep' }, ...(isKnown ? [] : [{ kind: 'disconnect', job } as const])] };
}

function look(state: PresenceState, { now, onBattery, policy }: Extract<PresenceEvent, { kind: 'look' }>): Presence {
  const isOver = state.wish.kind === 'paused' && hasEnded(state.wish.pause, now, onBattery);
  const isOther = policy?.by !== state.policy?.by;
  const next: PresenceState = {
    ...state,
    wish: isOver ? { kind: 'connected' } : state.wish,
    policy,
    overridden: state.overridden && !isOther,
  };
  return told(state, next, isOver ? [{ kind: 'keep' }] : []);
}

function hasEnded({ until, whileOnBattery }: Pause, now: number, onBattery: boolean): boolean {
  return (until !== undefined && now >= until) || (whileOnBattery === true && !onBattery);
}

/** Tells the agent what has become another thing for it; who is leaving hears of it from the next agent. */
function told(before: PresenceState, next: PresenceState, effects: readonly PresenceEffect[]): Presence {
  const [was, is] = [restOf(before), restOf(next)];
  if (was === is || isLeaving(next)) return { state: next, effects };
  return { state: next, effects: [...effects, { kind: is === 'connected' ? 'resume' : 'pause' }] };
}

function isLeaving({ restarting, quitting }: PresenceState): boolean {
  return restarting || quitting;
}

function stay(state: PresenceState): Presence {
  return { state, effects: [] };
}
