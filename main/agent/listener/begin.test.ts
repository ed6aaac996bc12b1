import { describe, expect, it } from 'vitest';
import { answer, desktop, disconnected, runJob, short, T0 } from './fake-walk.ts';
import type { Departure, ListenerEvent } from './listener-state.ts';
import { begin, transition } from './transition.ts';

const PAUSE: Departure = { kind: 'pause' };
const STOP: Departure = { kind: 'stop', reason: 'DISCONNECTED', patient: true };

/** What an agent does that begins away, and the phase in which it is then. */
function walk(lost: string | undefined, away: Departure, events: readonly ListenerEvent[]) {
  let { state, effects } = begin(lost === undefined ? undefined : { jobId: lost, at: T0 }, away);
  const done = effects.map(short);
  for (const event of events) {
    ({ state, effects } = transition(state, event, desktop));
    done.push(...effects.map(short));
  }
  return { done: done.filter(Boolean), phase: state.phase };
}

describe('an agent that begins away', () => {
  it.each([
    ['paused', PAUSE, 'paused'],
    ['disconnected', STOP, 'stopped'],
  ] as const)('says nothing to the hub when it is %s', (_name, away, phase) => {
    expect(walk(undefined, away, [])).toEqual({ done: ['forget-session'], phase });
  });

  it('reports the job that a former one lost, and is away then', () => {
    const walked = walk('j0', PAUSE, [answer('finished-job', 'wait-for-jobs'), disconnected]);
    expect(walked).toEqual({ done: ['sync finished-job j0 failed', 'disconnect', 'forget-session'], phase: 'paused' });
  });

  it('honours a job that the hub hands out meanwhile', () => {
    const walked = walk('', PAUSE, [runJob]);
    expect(walked.done).toContain('start-job j1');
    expect(walked.phase).toBe('connected');
  });
});
