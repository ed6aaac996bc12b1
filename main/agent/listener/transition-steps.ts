import type { SyncRequest } from '../hub/wire.ts';
import type { ConnectedState, Departure, ListenerEffect, Transition, Work } from './listener-state.ts';

/** Puts a line for the agent's log before what a transition does. */
export function logged(level: 'info' | 'warn' | 'error', message: string, then: Transition): Transition {
  return { state: then.state, effects: [{ kind: 'log', level, message }, ...then.effects] };
}

/** Begins to register. */
export function register(interruptedAt: number): Transition {
  return { state: { phase: 'registering', attempt: 0, trying: true, interruptedAt }, effects: [{ kind: 'register' }] };
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

/** Stops what runs, sees that it is reported, then disconnects. */
export function depart(state: ConnectedState, departure: Departure): Transition {
  const leaving: ConnectedState = { ...state, afterJob: departure };
  if (hasLivingJob(state.work)) {
    return { state: { ...leaving, work: stopping(state.work) }, effects: [{ kind: 'stop-job' }] };
  }
  if (state.sync !== 'none') return { state: leaving, effects: [] };
  return state.work.state === 'finished-job' ? startSync(leaving) : disconnect(departure);
}

/** Only where no sync is in flight and no job unreported. */
export function disconnect(departure: Departure): Transition {
  const effects: ListenerEffect[] = [{ kind: 'disconnect' }];
  return { state: { phase: 'disconnecting', attempt: 0, departure }, effects };
}

function stopping(work: Work): Work {
  return work.state === 'waiting-for-jobs' ? work : { state: 'stopping-job', jobId: work.jobId };
}
