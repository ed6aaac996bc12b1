import type { SyncRequest } from '../hub/wire.ts';
import type {
  ConnectedState,
  Departure,
  ListenerEffect,
  ListenerEvent,
  ListenerRules,
  ListenerState,
  ShutdownReason,
  Transition,
  Work,
} from './listener-state.ts';

/** Puts a line for the agent's log before what a transition does. */
export function logged(level: 'info' | 'warn' | 'error', message: string, then: Transition): Transition {
  return { state: then.state, effects: [{ kind: 'log', level, message }, ...then.effects] };
}

/** Begins to register. */
export function register(interruptedAt: number): Transition {
  return {
    state: { phase: 'registering', attempt: 0, trying: true, problem: '', leaving: undefined, interruptedAt },
    effects: [{ kind: 'register' }],
  };
}

/** Syncs now; where one is in flight, right behind it. */
export function startSync(state: ConnectedState): Transition {
  if (state.sync !== 'none') return { state: { ...state, sync: 'in-flight-again' }, effects: [] };
  return { state: { ...state, sync: 'in-flight' }, effects: [{ kind: 'sync', request: syncRequest(state) }] };
}

function syncRequest({ work, interruptedAt }: ConnectedState): SyncRequest {
  return {
    state: work.state,
    job_id: work.state === 'waiting-for-jobs' ? '' : work.jobId,
    job_result: work.state === 'finished-job' ? work.result : '',
    interrupted_at: interruptedAt,
  };
}

/** True while a job may still be running here. */
export function hasLivingJob(work: Work): boolean {
  return work.state !== 'waiting-for-jobs' && work.state !== 'finished-job';
}

/** Goes when nothing is left to report: stops what runs, unless it is to wait for that, and lets a sync in flight come back first. */
export function depart(state: ConnectedState, departure: Departure): Transition {
  const leaving: ConnectedState = { ...withTriesAnew(state), afterJob: departure };
  if (hasLivingJob(state.work)) {
    if (waitsForJob(departure)) return { state: leaving, effects: [] };
    return { state: { ...leaving, work: stopping(state.work) }, effects: [{ kind: 'stop-job' }] };
  }
  if (state.sync !== 'none') return { state: leaving, effects: [] };
  return state.work.state === 'finished-job' ? startSync(leaving) : disconnect(departure);
}

/** A job that is here, or that a sync brings meanwhile, is let end first. */
export function waitsForJob(departure: Departure): boolean {
  return departure.kind === 'pause' || (departure.kind === 'stop' && departure.patient === true);
}

/** Only where no sync is in flight and no job unreported. */
export function disconnect(departure: Departure): Transition {
  const effects: ListenerEffect[] = [{ kind: 'disconnect' }];
  return { state: { phase: 'disconnecting', attempt: 0, departure, resuming: false }, effects };
}

/** What an agent that is to go does when its registration is gone or was never there. */
export function gone(departure: Departure): Transition {
  switch (departure.kind) {
    case 'pause':
      return { state: { phase: 'paused' }, effects: [{ kind: 'forget-session' }] };
    case 'stop':
      return { state: { phase: 'stopped', reason: departure.reason }, effects: [{ kind: 'forget-session' }] };
    case 'end':
      return {
        state: {
          phase: 'running-hook',
          exitCode: departure.exitCode,
          signalled: departure.reason === 'INTERRUPTED',
        },
        effects: [{ kind: 'forget-session' }, { kind: 'run-hook', reason: departure.reason }],
      };
  }
}

/** The same where the hub has not heard everything: the session stays, for the next start to tell the rest. */
export function goneUnheard(departure: Departure): Transition {
  const { state, effects } = gone(departure);
  return { state, effects: effects.filter(({ kind }) => kind !== 'forget-session') };
}

/** What is tried now has not failed yet, however often something else has. */
export function withTriesAnew(state: ConnectedState): ConnectedState {
  return { ...state, failing: state.failing && { ...state.failing, tries: 0 } };
}

/** How an agent goes that the hub lets go, or that cannot stay: for good, or until somebody connects it again. */
export function farewell(reason: ShutdownReason, exitCode: 0 | 1, rules: ListenerRules): Departure {
  return rules.staysAlive ? { kind: 'stop', reason } : { kind: 'end', reason, exitCode };
}

function stopping(work: Work): Work {
  return work.state === 'waiting-for-jobs' ? work : { state: 'stopping-job', jobId: work.jobId };
}

/** What the owner's wish makes of the agent. */
export function wished(event: Extract<ListenerEvent, { kind: 'pause' | 'disconnect' }>): Departure {
  if (event.kind === 'pause') return { kind: 'pause' };
  return { kind: 'stop', reason: 'DISCONNECTED', ...(event.job === 'finish' ? { patient: true as const } : {}) };
}

/** The process ends. */
export function end(exitCode: 0 | 1): Transition {
  return { state: { phase: 'ended', exitCode }, effects: [{ kind: 'end', exitCode }] };
}

/** Connected, and nothing has happened yet. `at`: monotonic ms. */
export function fresh(at: number): ConnectedState {
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

/** Nothing is to be done. */
export function stay(state: ListenerState): Transition {
  return { state, effects: [] };
}
