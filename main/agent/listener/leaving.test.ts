import { describe, expect, it } from 'vitest';
import {
  answer,
  CONNECTED,
  disconnected,
  failed,
  hookEnded,
  interrupted,
  passed,
  RUNNING,
  registered,
  registerFailed,
  runJob,
  T0,
  waitOver,
  walk,
} from './fake-walk.ts';
import type { ListenerEvent } from './listener-state.ts';

describe('the listener, when it is to go,', () => {
  const rows: [name: string, events: ListenerEvent[], last: string[]][] = [
    [
      'disconnects when the hub says so',
      [registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'idle' })],
      ['disconnect'],
    ],
    ['tells the hub of an interruption at once', [...CONNECTED, interrupted], ['sync waiting-for-jobs 77']],
    [
      'tells it behind a sync that is in flight',
      [registered, interrupted, answer('waiting-for-jobs', 'continue')],
      ['sync waiting-for-jobs 77'],
    ],
    ['stops the job at the second signal', [...RUNNING, interrupted, interrupted], ['stop-job']],
    [
      'reports it and disconnects',
      [
        ...RUNNING,
        interrupted,
        interrupted,
        passed,
        answer('running-job', 'continue'),
        answer('finished-job', 'continue'),
      ],
      ['disconnect'],
    ],
    [
      'goes at the second signal when idle, behind the sync in flight',
      [...CONNECTED, interrupted, interrupted, answer('waiting-for-jobs', 'continue')],
      ['disconnect'],
    ],
    [
      'reports a job that comes when it is about to go',
      [...CONNECTED, interrupted, interrupted, runJob],
      ['sync finished-job j1 stopped 77'],
    ],
    ['ends at the third signal', [...RUNNING, interrupted, interrupted, interrupted], ['end 1']],
    [
      'runs the hook behind the disconnect',
      [registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'job-finished' }), disconnected],
      ['forget-session', 'run-hook JOB_FINISHED'],
    ],
    [
      'ends behind the hook',
      [registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'idle' }), disconnected, hookEnded],
      ['end 0'],
    ],
    [
      'lets the hook finish at the first signal',
      [registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'idle' }), disconnected, interrupted],
      [],
    ],
    [
      'ends the hook at the second signal',
      [
        ...[registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'idle' }), disconnected],
        ...[interrupted, interrupted],
      ],
      ['end-hook'],
    ],
    [
      'ends the hook at the first signal behind those that made it go',
      [...[...CONNECTED, interrupted, interrupted, answer('waiting-for-jobs', 'continue'), disconnected], interrupted],
      ['end-hook'],
    ],
    [
      'tells a reason it does not know',
      [registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'boredom' }), disconnected],
      ['forget-session', 'run-hook UNKNOWN'],
    ],
    ['ends when it is interrupted between two tries', [registerFailed, interrupted], ['end 0']],
    [
      'waits for the try in flight when interrupted',
      [interrupted, registered],
      ['save-session', 'sync waiting-for-jobs 77'],
    ],
  ];

  it.each(rows)('%s', (_name, events, last) => {
    expect(walk(events).done.at(-1)).toEqual(last);
  });

  it('gives up disconnecting after 100 tries, and runs the hook all the same', () => {
    const leaving = [registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'idle' })];
    const refused: ListenerEvent = { kind: 'disconnect-failed', problem: 'down' };
    const tries = Array.from({ length: 99 }, () => [refused, waitOver]).flat();
    expect(walk([...leaving, ...tries]).done.at(-1)).toEqual(['disconnect']);
    expect(walk([...leaving, ...tries, refused]).done.at(-1)).toEqual(['forget-session', 'run-hook IDLE']);
  });

  it('leaves a hub that is gone after three tries when it is in a hurry', () => {
    const refused: ListenerEvent = { kind: 'disconnect-failed', problem: 'down' };
    const hurried = [...CONNECTED, interrupted, interrupted, answer('waiting-for-jobs', 'continue')];
    expect(walk([...hurried, refused, waitOver, refused]).done.at(-1)).toEqual(['wait 1000']);
    expect(walk([...hurried, refused, waitOver, refused, waitOver, refused]).done.at(-1)).toEqual([
      'forget-session',
      'run-hook INTERRUPTED',
    ]);
  });

  const tries = (count: number) => Array.from({ length: count }, () => [failed(0), waitOver]).flat();

  it.each<[what: string, before: ListenerEvent[], told: string, tries: number, reason: string]>([
    ['a job', [...RUNNING, interrupted, interrupted, passed], 'finished-job j1 passed 77', 5, 'INTERRUPTED'],
    ['its waiting', [...CONNECTED, interrupted, interrupted], 'waiting-for-jobs 77', 5, 'INTERRUPTED'],
    [
      'a job that the hub ended',
      [...RUNNING, waitOver, answer('running-job', 'shutdown', { shutdown_reason: 'requested' }), passed],
      'finished-job j1 passed',
      100,
      'REQUESTED',
    ],
    [
      'a job that it stopped because no sync was answered',
      [...RUNNING, waitOver, ...tries(9), failed(0, T0 + 600_000), waitOver, failed(0, T0 + 605_000), passed],
      'finished-job j1 passed',
      100,
      'UNABLE_TO_SYNC',
    ],
  ])(
    'does not disconnect while the hub has not heard of %s; it leaves the session to the next start',
    (_what, before, told, most, reason) => {
      for (const few of [1, most - 1]) expect(walk([...before, ...tries(few)]).done.at(-1)).toEqual([`sync ${told}`]);
      const { done } = walk([...before, ...tries(most - 1), failed(0)]);
      expect(done.at(-1)).toEqual([`run-hook ${reason}`]);
      expect(done.flat()).not.toContain('disconnect');
      expect(done.flat()).not.toContain('forget-session');
    },
  );

  it('disconnects as soon as the hub has heard', () => {
    const unheard = [...RUNNING, interrupted, interrupted, passed, ...tries(2)];
    expect(walk([...unheard, answer('finished-job', 'wait-for-jobs')]).done.at(-1)).toEqual(['disconnect']);
  });
});
