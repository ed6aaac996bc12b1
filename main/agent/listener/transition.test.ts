import { describe, expect, it } from 'vitest';
import {
  answer,
  CONNECTED,
  failed,
  hookEnded,
  passed,
  RUNNING,
  registered,
  registerFailed,
  runJob,
  running,
  short,
  single,
  stopJob,
  T0,
  waitOver,
  walk,
} from './fake-walk.ts';
import type { ListenerEvent } from './listener-state.ts';
import { begin, transition } from './transition.ts';

/** Nine syncs that failed. */
const nine = Array.from({ length: 9 }, () => [failed(0), waitOver]).flat();

describe('the listener', () => {
  const rows: [name: string, events: ListenerEvent[], last: string[]][] = [
    ['syncs as soon as it is registered', [registered], ['save-session', 'sync waiting-for-jobs']],
    ['waits as long as the hub says', CONNECTED, ['wait 500']],
    [
      'picks its own time where the hub says none',
      [registered, answer('waiting-for-jobs', 'continue', { next_sync_after: 0 })],
      ['wait random'],
    ],
    [
      'does not wait for a day',
      [registered, answer('waiting-for-jobs', 'continue', { next_sync_after: 86_400_000 })],
      ['wait 60000'],
    ],
    [
      'does not wait for less than nothing',
      [registered, answer('waiting-for-jobs', 'continue', { next_sync_after: -5 })],
      ['wait random'],
    ],
    ['syncs when the wait is over', [...CONNECTED, waitOver], ['sync waiting-for-jobs']],
    ['passes an unknown action over', [registered, answer('waiting-for-jobs', 'dance')], ['wait 500']],
    ['saves the job before it tells of it', [registered, runJob], ['save-session j1', 'start-job j1', 'wait 500']],
    ['passes a run-job without a job over', [registered, answer('waiting-for-jobs', 'run-job')], ['wait 500']],
    ['tells the running job', [...RUNNING, waitOver], ['sync running-job j1']],
    [
      'passes a repeated run-job over',
      [...RUNNING, waitOver, answer('running-job', 'run-job', { job_id: 'j1' })],
      ['wait 500'],
    ],
    [
      'does not take a second job',
      [...RUNNING, waitOver, answer('running-job', 'run-job', { job_id: 'j2' })],
      ['wait 500'],
    ],
    ['reports the end at once', [...RUNNING, passed], ['sync finished-job j1 passed']],
    [
      'reports an end that comes while a sync is in flight by one more',
      [...RUNNING, waitOver, passed, answer('running-job', 'continue')],
      ['sync finished-job j1 passed'],
    ],
    [
      'does not take an old wait-for-jobs for the answer to its result',
      [...RUNNING, waitOver, passed, answer('running-job', 'wait-for-jobs')],
      ['sync finished-job j1 passed'],
    ],
    [
      'waits for jobs again',
      [...RUNNING, passed, answer('finished-job', 'wait-for-jobs')],
      ['save-session', 'wait 500'],
    ],
    ['stops its job', [...RUNNING, waitOver, stopJob('running-job')], ['stop-job', 'wait 500']],
    ['tells that it stops', [...RUNNING, waitOver, stopJob('running-job'), waitOver], ['sync stopping-job j1']],
    ['stops once', [...RUNNING, waitOver, stopJob('running-job'), waitOver, stopJob('stopping-job')], ['wait 500']],
    [
      'stops a job that is not built yet',
      [registered, runJob, waitOver, stopJob('starting-job')],
      ['stop-job', 'wait 500'],
    ],
    [
      'goes on stopping when the job turns out to be built',
      [registered, runJob, waitOver, stopJob('starting-job'), running, waitOver],
      ['sync stopping-job j1'],
    ],
    [
      'stops its job where the hub does not say which',
      [...RUNNING, waitOver, stopJob('running-job', '')],
      ['stop-job', 'wait 500'],
    ],
    [
      'has nothing to stop where the hub does not say what',
      [registered, stopJob('waiting-for-jobs', '')],
      ['wait 500'],
    ],
    ['passes a stop of another job over', [...RUNNING, waitOver, stopJob('running-job', 'j9')], ['wait 500']],
    ['passes a stop without a job over', [registered, stopJob('waiting-for-jobs')], ['wait 500']],
    ['passes a stop of a finished job over', [...RUNNING, passed, stopJob('finished-job')], ['wait 500']],
    ['tries again after a failed sync', [registered, failed(500)], ['wait random']],
    ['leaves a hub alone that asks for it', [registered, failed(429, T0, 30_000)], ['wait 30000']],
    ['but not until the hub has forgotten it', [registered, failed(503, T0, 3_600_000)], ['wait 60000']],
    [
      'tells at once what changed while a sync failed',
      [...RUNNING, waitOver, passed, failed(0)],
      ['sync finished-job j1 passed'],
    ],
    ['and then in its turn', [...RUNNING, waitOver, passed, failed(0), failed(0)], ['wait random']],
    ['does not take a 401 for the end of its registration', [...RUNNING, waitOver, failed(401)], ['wait random']],
    [
      'passes a run-job over that comes for a job it has reported',
      [...RUNNING, passed, answer('finished-job', 'run-job', { job_id: 'j1' })],
      ['wait 500'],
    ],
    [
      'tells its result until the hub has heard it',
      [...RUNNING, passed, answer('finished-job', 'continue'), waitOver],
      ['sync finished-job j1 passed'],
    ],
    [
      'takes a job that is given out again after it was reported',
      [...RUNNING, passed, answer('finished-job', 'wait-for-jobs'), waitOver, runJob],
      ['save-session j1', 'start-job j1', 'wait 500'],
    ],
    ['passes the end of a job over that is not here', [...CONNECTED, passed], []],
    [
      'stops the running job when the hub ends it',
      [...RUNNING, waitOver, answer('running-job', 'shutdown', { shutdown_reason: 'requested' })],
      ['stop-job', 'wait 500'],
    ],
    [
      'reports that job before it disconnects',
      [
        ...RUNNING,
        waitOver,
        answer('running-job', 'shutdown', { shutdown_reason: 'requested' }),
        passed,
        answer('finished-job', 'shutdown', { shutdown_reason: 'requested' }),
      ],
      ['disconnect'],
    ],
    ['registers again when the hub has forgotten it', [registered, failed(404)], ['register']],
    ['stops its job when the hub has forgotten it', [...RUNNING, waitOver, failed(404)], ['stop-job']],
    ['registers again when that job has ended', [...RUNNING, waitOver, failed(404), passed], ['register']],
    ['gives up after 10 minutes without a sync', [registered, ...nine, failed(500, T0 + 600_000)], ['disconnect']],
    ['goes on after 9 minutes', [registered, ...nine, failed(500, T0 + 599_999)], ['wait random']],
    ['goes on where it has not tried meanwhile', [registered, ...nine.slice(2), failed(0, 1e9)], ['wait random']],
    ['stops its job before it gives up', [...RUNNING, ...nine, failed(0, T0 + 600_000)], ['stop-job']],
    ['stops it once', [...RUNNING, ...nine, failed(0, T0 + 600_000), failed(0, T0 + 605_000)], ['wait random']],
    ['tries to register again', [registerFailed], ['wait 1000']],
    [
      'leaves a hub alone that asks for it when it registers',
      [{ kind: 'register-failed', status: 429, problem: 'slow down', retryAfterMs: 7_000 }],
      ['wait 7000'],
    ],
  ];

  it.each(rows)('%s', (_name, events, last) => {
    expect(walk(events).done.at(-1)).toEqual(last);
  });

  it('gives up registering after 30 tries', () => {
    const tries = Array.from({ length: 29 }, () => [registerFailed, waitOver]).flat();
    expect(walk(tries).done.at(-1)).toEqual(['register']);
    expect(walk([...tries, registerFailed]).done.at(-1)).toEqual(['end 1']);
  });

  it('does not register again where it is there for one job only', () => {
    const { done } = walk([registered, failed(404), hookEnded], single);
    expect(done.slice(1)).toEqual([['forget-session', 'run-hook UNKNOWN'], ['end 1']]);
  });

  it('reports a job that a former agent was cut off from', () => {
    const { state, effects } = begin({ jobId: 'j0', at: T0 });
    expect(effects.map(short).filter(Boolean)).toEqual(['sync finished-job j0 failed']);
    const forgotten = transition(state, failed(404), single);
    expect(forgotten.effects.map(short).filter(Boolean)).toEqual(['register']);
    const refused = transition(state, failed(401), single);
    expect(refused.effects.map(short).filter(Boolean)).toEqual(['register']);
  });
});
