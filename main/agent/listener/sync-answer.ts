import { HUB_SHUTDOWN_REASONS, type SyncResponse } from '../hub/wire.ts';
import type {
  ConnectedState,
  Departure,
  ListenerEffect,
  ListenerEvent,
  ListenerRules,
  ShutdownReason,
  Transition,
  Work,
} from './listener-state.ts';
import {
  depart,
  disconnect,
  farewell,
  gone,
  goneUnheard,
  hasLivingJob,
  logged,
  register,
  startSync,
  waitsForJob,
} from './transition-steps.ts';

/** Without an answer for so long the agent gives up (reference agent), in ms. */
const UNABLE_TO_SYNC_MS = 10 * 60_000;
/** Nor before so many tries have failed: a process that was stopped, or whose machine slept, has not tried meanwhile. */
const LEAST_TRIES = 10;
/** An agent that is to go tells the hub of its job so often, this long apart, in ms; less often where somebody waits. */
const FAREWELL_TRIES = 100;
const HURRIED_FAREWELL_TRIES = 5;
const FAREWELL_RETRY_MS = 1_000;
/** The hub forgets an idle agent 3 minutes after its last sync. In ms. */
const SLOWEST_SYNC_MS = 60_000;
/** Where the agent never gives up it tries less and less often, from here on, in ms. */
const FIRST_RETRY_MS = 1_000;

type SyncAnswered = Extract<ListenerEvent, { kind: 'sync-answered' }>;
type SyncFailed = Extract<ListenerEvent, { kind: 'sync-failed' }>;

/** What follows from the hub's answer to a sync. */
export function answered(before: ConnectedState, event: SyncAnswered, rules: ListenerRules): Transition {
  const state: ConnectedState = { ...before, sync: 'none', lastAnswerAt: event.at, failing: undefined, known: true };
  if (typeof state.afterJob === 'object' && !hasLivingJob(state.work))
    return whileLeaving(state, state.afterJob, event, rules);
  const acted = act(state, event, rules);
  if (acted.state.phase !== 'connected' || acted.state.sync !== 'none') return acted;
  if (before.sync === 'in-flight-again') return followed(acted, startSync(acted.state));
  return paced(acted, event.response);
}

/** The next sync comes when the hub wants it, but never so late that the hub would take this agent for dead. */
function paced({ state, effects }: Transition, { next_sync_after: ms }: SyncResponse): Transition {
  const wait: ListenerEffect = ms > 0 ? { kind: 'wait', ms: Math.min(ms, SLOWEST_SYNC_MS) } : { kind: 'wait' };
  return { state, effects: [...effects, wait] };
}

/**
 * Nothing runs and the agent is to go: as soon as the hub has heard of the job. A job that the hub hands out meanwhile is
 * honoured by a pause, which then comes after it; who leaves at once reports it as stopped.
 */
function whileLeaving(
  state: ConnectedState,
  departure: Departure,
  event: SyncAnswered,
  rules: ListenerRules,
): Transition {
  const { sent, response } = event;
  if (state.work.state === 'finished-job') return sent === 'finished-job' ? disconnect(departure) : startSync(state);
  if (response.action !== 'run-job' || response.job_id === '') return disconnect(departure);
  if (waitsForJob(departure)) return paced(act(state, event, rules), response);
  return startSync({ ...state, work: { state: 'finished-job', jobId: response.job_id, result: 'stopped' } });
}

function act(state: ConnectedState, { response, sent }: SyncAnswered, rules: ListenerRules): Transition {
  switch (response.action) {
    case 'continue':
      return { state, effects: [] };
    case 'run-job':
      return runJob(state, response);
    case 'stop-job':
      return stopJob(state, response);
    case 'wait-for-jobs':
      return waitForJobs(state, sent);
    case 'shutdown': {
      const reason = shutdownReason(response.shutdown_reason);
      return logged('info', `The hub ends this agent: ${reason}`, depart(state, farewell(reason, 0, rules)));
    }
    default:
      return logged('warn', `The hub asks for something unknown: ${JSON.stringify(response.action)}`, {
        state,
        effects: [],
      });
  }
}

/** The session store knows of the job before the hub hears `starting-job`: a crash from here on is reported by the next start. */
function runJob(state: ConnectedState, response: SyncResponse): Transition {
  const jobId = response.job_id;
  if (jobId === '')
    return logged('warn', 'The hub wants a job run and does not say which; passed over', { state, effects: [] });
  if (state.work.state !== 'waiting-for-jobs') {
    // The hub repeats itself until it has seen another state.
    if (state.work.jobId === jobId) return { state, effects: [] };
    return logged('warn', `The hub wants job ${jobId} run while job ${state.work.jobId} is here; passed over`, {
      state,
      effects: [],
    });
  }
  const work: Work = { state: 'starting-job', jobId };
  const effects: ListenerEffect[] = [
    { kind: 'log', level: 'info', message: `Job ${jobId} is to be run` },
    { kind: 'save-session', jobId },
    { kind: 'start-job', jobId },
  ];
  return { state: { ...state, work }, effects };
}

function stopJob(state: ConnectedState, response: SyncResponse): Transition {
  const { work } = state;
  const isOurs = work.state !== 'waiting-for-jobs' && (response.job_id === '' || response.job_id === work.jobId);
  if (!isOurs) {
    return logged('warn', `The hub wants job ${response.job_id} stopped, which is not here; passed over`, {
      state,
      effects: [],
    });
  }
  if (work.state === 'finished-job' || work.state === 'stopping-job') return { state, effects: [] };
  const stopping: ConnectedState = { ...state, work: { state: 'stopping-job', jobId: work.jobId } };
  return logged('info', `Job ${work.jobId} is to be stopped`, { state: stopping, effects: [{ kind: 'stop-job' }] });
}

/** Counts only as the answer to a result that was told: what was sent before the job ended did not tell it. */
function waitForJobs(state: ConnectedState, sent: SyncAnswered['sent']): Transition {
  if (sent !== 'finished-job' || state.work.state !== 'finished-job') return { state, effects: [] };
  return { state: { ...state, work: { state: 'waiting-for-jobs' } }, effects: [{ kind: 'save-session', jobId: '' }] };
}

/**
 * What follows from a sync that failed: mostly the next one, at once where something has changed meanwhile. Who leaves by the
 * owner's wish waits for it too: what went unanswered may have brought a job.
 */
export function syncFailed(before: ConnectedState, event: SyncFailed, rules: ListenerRules): Transition {
  const tries = (before.failing?.tries ?? 0) + 1;
  const failing = { since: before.failing?.since ?? event.at, tries, problem: event.problem };
  const state: ConnectedState = { ...before, sync: 'none', failing };
  const { afterJob } = state;
  if (isForgotten(state, event.status)) return registrationLost(state, rules);
  if (isEnd(afterJob) && !hasLivingJob(state.work)) return unheard(state, afterJob, event);
  if (isOutOfReach(state, event.at) && !rules.staysAlive && !isEnd(afterJob)) {
    const leaving = depart(state, { kind: 'end', reason: 'UNABLE_TO_SYNC', exitCode: 1 });
    return logged('error', `No sync for 10 minutes: giving up (${event.problem})`, leaving);
  }
  const next = before.sync === 'in-flight-again' ? startSync(state) : { state, effects: [retry(event, tries, rules)] };
  return logged('warn', `Sync failed: ${event.problem}`, next);
}

function isOutOfReach({ lastAnswerAt, failing }: ConnectedState, at: number): boolean {
  return at - lastAnswerAt >= UNABLE_TO_SYNC_MS && (failing?.tries ?? 0) >= LEAST_TRIES;
}

function isEnd(afterJob: ConnectedState['afterJob']): afterJob is Extract<Departure, { kind: 'end' }> {
  return typeof afterJob === 'object' && afterJob.kind === 'end';
}

/**
 * The process is about to end, and the hub has not heard the last word of it: how its job went, or that it waits, in the answer
 * to which a job may have come. A disconnect would delete the agent with that job. If nobody answers in time it is left to the
 * next start, which finds the session.
 */
function unheard(state: ConnectedState, departure: Extract<Departure, { kind: 'end' }>, event: SyncFailed): Transition {
  const most = departure.hurried ? HURRIED_FAREWELL_TRIES : FAREWELL_TRIES;
  if ((state.failing?.tries ?? 0) < most) {
    const again: ListenerEffect = { kind: 'wait', ms: FAREWELL_RETRY_MS };
    return logged('warn', `Sync failed: ${event.problem}`, { state, effects: [again] });
  }
  return logged('error', 'Leaving without a disconnect: the hub does not answer', goneUnheard(departure));
}

/** A 401 is no word of the hub's on an agent that it knew a moment ago; with a registration of a former process it is. */
function isForgotten({ known }: ConnectedState, status: number): boolean {
  return status === 404 || (status === 401 && !known);
}

function retry({ retryAfterMs = 0 }: SyncFailed, tries: number, rules: ListenerRules): ListenerEffect {
  const ms = rules.staysAlive ? Math.min(SLOWEST_SYNC_MS, FIRST_RETRY_MS * 2 ** (tries - 1)) : 0;
  const least = Math.max(ms, Math.min(retryAfterMs, SLOWEST_SYNC_MS));
  return least > 0 ? { kind: 'wait', ms: least } : { kind: 'wait' };
}

/** The hub has forgotten this agent, and its job with it. An agent for one job goes then, unless it was only taken up again. */
function registrationLost(state: ConnectedState, rules: ListenerRules): Transition {
  const message = 'The hub does not know this agent any more';
  const { afterJob } = state;
  if (hasLivingJob(state.work)) {
    const next: ConnectedState = typeof afterJob === 'object' ? state : { ...state, afterJob: 'register-again' };
    const stopped: Transition = { state: next, effects: [{ kind: 'stop-job' }] };
    return logged('warn', `${message}; its job is stopped`, stopped);
  }
  if (typeof afterJob === 'object') return logged('warn', message, gone(afterJob));
  if (rules.disconnectAfterJob && state.known) return logged('error', message, gone(farewell('UNKNOWN', 1, rules)));
  return logged('warn', `${message}; registering again`, register(state.interruptedAt));
}

function shutdownReason(text: string): ShutdownReason {
  const known = HUB_SHUTDOWN_REASONS.find((reason) => reason === text);
  return known ? (known.toUpperCase().replace('-', '_') as ShutdownReason) : 'UNKNOWN';
}

function followed(first: Transition, then: Transition): Transition {
  return { state: then.state, effects: [...first.effects, ...then.effects] };
}
