import type { AgentState, SyncResponse } from '../hub/wire.ts';
import type { ListenerEffect, ListenerEvent, ListenerRules, ListenerState } from './listener-state.ts';
import { begin, transition } from './transition.ts';

/* Events, and walks through them, for the tests of the transitions. */

export const rules: ListenerRules = { disconnectAfterJob: false, staysAlive: false };
export const single: ListenerRules = { disconnectAfterJob: true, staysAlive: false };
export const desktop: ListenerRules = { disconnectAfterJob: false, staysAlive: true };
export const T0 = 1_000;

export const registered: ListenerEvent = { kind: 'registered', at: T0 };
export const waitOver: ListenerEvent = { kind: 'wait-over' };
export const interrupted: ListenerEvent = { kind: 'interrupted', unixSeconds: 77 };
export const disconnected: ListenerEvent = { kind: 'disconnected' };
export const hookEnded: ListenerEvent = { kind: 'hook-ended' };
export const running: ListenerEvent = { kind: 'job-running', jobId: 'j1' };
export const passed: ListenerEvent = { kind: 'job-ended', jobId: 'j1', result: 'passed' };
export const registerFailed: ListenerEvent = { kind: 'register-failed', status: 0, problem: 'down' };
export const pause: ListenerEvent = { kind: 'pause' };
export const disconnectAfterJob: ListenerEvent = { kind: 'disconnect', job: 'finish' };
export const disconnectNow: ListenerEvent = { kind: 'disconnect', job: 'stop' };
export const woken: ListenerEvent = { kind: 'woken' };
export const resume: ListenerEvent = { kind: 'resume' };

/** The hub answers a sync that told it `sent`. */
export function answer(sent: AgentState, action: string, over: Partial<SyncResponse> = {}): ListenerEvent {
  const response = { action, job_id: '', shutdown_reason: '', next_sync_after: 500, ...over };
  return { kind: 'sync-answered', sent, response, at: T0 };
}

/** The hub gives out job j1. */
export const runJob = answer('waiting-for-jobs', 'run-job', { job_id: 'j1' });
/** The hub wants a job stopped. */
export const stopJob = (sent: AgentState, jobId = 'j1') => answer(sent, 'stop-job', { job_id: jobId });
/** A sync got no answer that can be used. */
export const failed = (status: number, at = T0, retryAfterMs = 0): ListenerEvent => ({
  kind: 'sync-failed',
  status,
  problem: 'broken',
  retryAfterMs,
  at,
});

/** What a walk through events does, in short: `sync running-job`, `wait 500`, `start-job j1`, … without log lines. */
export function walk(
  events: readonly ListenerEvent[],
  how: ListenerRules = rules,
): { done: string[][]; state: ListenerState } {
  let { state, effects } = begin(undefined);
  const done = [effects.map(short).filter(Boolean)];
  for (const event of events) {
    ({ state, effects } = transition(state, event, how));
    done.push(effects.map(short).filter(Boolean));
  }
  return { done: done.slice(1), state };
}

/** An effect in a word or a few, for tables; empty for what is only told. */
export function short(effect: ListenerEffect): string {
  switch (effect.kind) {
    case 'log':
      return '';
    case 'sync': {
      const { state, job_id, job_result, interrupted_at } = effect.request;
      return ['sync', state, job_id, job_result, interrupted_at || ''].filter(Boolean).join(' ');
    }
    case 'wait':
      return `wait ${effect.ms ?? 'random'}`;
    case 'start-job':
    case 'save-session':
      return `${effect.kind} ${effect.jobId}`.trim();
    case 'run-hook':
      return `run-hook ${effect.reason}`;
    case 'end':
      return `end ${effect.exitCode}`;
    default:
      return effect.kind;
  }
}

export const CONNECTED = [registered, answer('waiting-for-jobs', 'continue')];
export const RUNNING = [registered, runJob, running];
