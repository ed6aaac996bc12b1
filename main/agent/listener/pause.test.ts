import { describe, expect, it } from 'vitest';
import {
  answer,
  CONNECTED,
  desktop,
  disconnectAfterJob,
  disconnected,
  disconnectNow,
  failed,
  interrupted,
  passed,
  pause,
  RUNNING,
  registered,
  registerFailed,
  resume,
  runJob,
  waitOver,
  walk,
  woken,
} from './fake-walk.ts';
import type { ListenerEvent } from './listener-state.ts';

const idle = answer('waiting-for-jobs', 'continue');

describe('a pause', () => {
  const rows: [name: string, events: ListenerEvent[], last: string[], phase: string][] = [
    ['disconnects at once when idle', [...CONNECTED, pause], ['disconnect'], 'disconnecting'],
    [
      'is there when the hub has taken the disconnect',
      [...CONNECTED, pause, disconnected],
      ['forget-session'],
      'paused',
    ],
    ['waits for a sync in flight', [registered, pause], [], 'connected'],
    ['comes when that sync brought nothing', [registered, pause, idle], ['disconnect'], 'disconnecting'],
    [
      'honours the job that the sync brought',
      [registered, pause, runJob],
      ['save-session j1', 'start-job j1', 'wait 500'],
      'connected',
    ],
    [
      'comes after that job',
      [registered, pause, runJob, passed, answer('finished-job', 'wait-for-jobs')],
      ['disconnect'],
      'disconnecting',
    ],
    ['syncs again after a sync that went unanswered', [registered, pause, failed(0)], ['wait random'], 'connected'],
    [
      'comes after the answer to that one',
      [registered, pause, failed(0), waitOver, idle],
      ['disconnect'],
      'disconnecting',
    ],
    ['lets the running job go on', [...RUNNING, pause], [], 'connected'],
    ['lets it be reported', [...RUNNING, pause, passed], ['sync finished-job j1 passed'], 'connected'],
    [
      'comes before the sync that could bring another',
      [...RUNNING, pause, passed, answer('finished-job', 'wait-for-jobs')],
      ['disconnect'],
      'disconnecting',
    ],
    [
      'is not there before the result was told',
      [...RUNNING, waitOver, pause, passed, answer('running-job', 'continue')],
      ['sync finished-job j1 passed'],
      'connected',
    ],
    [
      'can be taken back while the job runs',
      [...RUNNING, pause, resume, answer('running-job', 'continue')],
      ['wait 500'],
      'connected',
    ],
    ['resumes by registering again', [...CONNECTED, pause, disconnected, resume], ['register'], 'registering'],
    ['resumes as soon as it is disconnected', [...CONNECTED, pause, resume, disconnected], ['register'], 'registering'],
    ['gives a registration back that was under way', [pause, registered], ['disconnect'], 'disconnecting'],
    ['comes at once between two tries', [registerFailed, pause], ['forget-session'], 'paused'],
    ['stays when the hub has forgotten the agent', [registered, pause, failed(404)], ['forget-session'], 'paused'],
    ['stops the job that the hub has forgotten', [...RUNNING, waitOver, pause, failed(404)], ['stop-job'], 'connected'],
    [
      'ends by an interruption',
      [...CONNECTED, pause, disconnected, interrupted],
      ['forget-session', 'run-hook INTERRUPTED'],
      'running-hook',
    ],
    [
      'gives way to the hub that ends the agent',
      [...RUNNING, pause, waitOver, answer('running-job', 'shutdown', { shutdown_reason: 'requested' })],
      ['stop-job', 'wait 500'],
      'connected',
    ],
  ];

  it.each(rows)('%s', (_name, events, last, phase) => {
    const { done, state } = walk(events);
    expect(done.at(-1)).toEqual(last);
    expect(state.phase).toBe(phase);
  });
});

describe('a disconnect', () => {
  const stopped = { ...passed, result: 'stopped' } as const;
  const rows: [name: string, events: ListenerEvent[], last: string[], phase: string][] = [
    ['goes at once when idle', [...CONNECTED, disconnectNow], ['disconnect'], 'disconnecting'],
    ['is a state of its own', [...CONNECTED, disconnectNow, disconnected], ['forget-session'], 'stopped'],
    ['lets the job end where that is wished', [...RUNNING, disconnectAfterJob], [], 'connected'],
    [
      'goes behind that job',
      [...RUNNING, disconnectAfterJob, passed, answer('finished-job', 'wait-for-jobs')],
      ['disconnect'],
      'disconnecting',
    ],
    ['stops the job where that is wished', [...RUNNING, disconnectNow], ['stop-job'], 'connected'],
    [
      'reports the job that it stopped',
      [...RUNNING, disconnectNow, stopped],
      ['sync finished-job j1 stopped'],
      'connected',
    ],
    [
      'goes behind that report',
      [...RUNNING, disconnectNow, stopped, answer('finished-job', 'continue')],
      ['disconnect'],
      'disconnecting',
    ],
    ['may become more urgent', [...RUNNING, disconnectAfterJob, disconnectNow], ['stop-job'], 'connected'],
    ['takes the place of a pause', [...CONNECTED, pause, disconnectNow, disconnected], ['forget-session'], 'stopped'],
    [
      'gives way to a pause while it is on its way',
      [...CONNECTED, disconnectNow, pause, disconnected],
      ['forget-session'],
      'paused',
    ],
    [
      'is taken back while the job runs',
      [...RUNNING, disconnectAfterJob, resume, answer('running-job', 'continue')],
      ['wait 500'],
      'connected',
    ],
    [
      'of a paused agent changes what it is called',
      [...CONNECTED, pause, disconnected, disconnectNow],
      ['forget-session'],
      'stopped',
    ],
    ['is ended by connecting again', [...CONNECTED, disconnectNow, disconnected, resume], ['register'], 'registering'],
    ['gives a registration back that was under way', [disconnectNow, registered], ['disconnect'], 'disconnecting'],
    ['comes at once between two tries', [registerFailed, disconnectAfterJob], ['forget-session'], 'stopped'],
    ['waits for a sync in flight', [registered, disconnectNow], [], 'connected'],
  ];

  it.each(rows)('%s', (_name, events, last, phase) => {
    const { done, state } = walk(events, desktop);
    expect(done.at(-1)).toEqual(last);
    expect(state.phase).toBe(phase);
  });

  it.each([
    [
      'reports a job that a sync in flight brings as stopped, without running it',
      disconnectNow,
      'sync finished-job j1 stopped',
    ],
    ['runs the job that a sync in flight brings, where it lets jobs end', disconnectAfterJob, 'start-job j1'],
  ])('%s', (_name, wish, done) => {
    expect(walk([registered, wish, runJob], desktop).done.at(-1)).toContain(done);
  });

  it('waits for a sync that is answered: one that was not may have brought a job', () => {
    expect(walk([registered, disconnectNow, failed(0)], desktop).done.at(-1)).toEqual(['wait 1000']);
  });
});

describe('the desktop', () => {
  const refused = (status: number): ListenerEvent => ({ kind: 'register-failed', status, problem: 'refused' });

  it('tries for ever, less and less often', () => {
    const tries = Array.from({ length: 40 }, () => [registerFailed, waitOver]).flat();
    const { done } = walk(tries, desktop);
    expect(
      done
        .filter((_, index) => index % 2 === 0)
        .flat()
        .slice(0, 8),
    ).toEqual([
      'wait 1000',
      'wait 2000',
      'wait 4000',
      'wait 8000',
      'wait 16000',
      'wait 32000',
      'wait 60000',
      'wait 60000',
    ]);
    expect(done.at(-1)).toEqual(['register']);
  });

  it.each([401, 404, 422])(
    'needs its owner when register is refused with %i, and tries again when told to',
    (status) => {
      expect(walk([refused(status)], desktop).state).toEqual({ phase: 'needs-attention', status, problem: 'refused' });
      expect(walk([refused(status), resume], desktop).done.at(-1)).toEqual(['register']);
    },
  );

  it('tries to sync less and less often, from 1 s to 60 s, until it is answered', () => {
    const tries = Array.from({ length: 9 }, () => [waitOver, failed(500)]).flat();
    const waits = walk([registered, failed(500), ...tries], desktop)
      .done.flat()
      .filter((step) => step.startsWith('wait'));
    expect(waits.map((wait) => Number(wait.split(' ')[1]) / 1000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    const again = [registered, failed(500), waitOver, answer('waiting-for-jobs', 'continue'), waitOver, failed(500)];
    expect(walk(again, desktop).done.at(-1)).toEqual(['wait 1000']);
  });

  it.each<[string, ListenerEvent[], string[]]>([
    ['while it waits for its next sync', CONNECTED, ['sync waiting-for-jobs']],
    ['while a sync hangs', [registered], ['give-call-up']],
    ['behind the sync that hung', [registered, woken, failed(0)], ['sync waiting-for-jobs']],
    ['between two tries to register', [registerFailed, woken, registerFailed], ['wait 1000']],
    ['while it registers', [], ['give-call-up']],
    ['while a disconnect hangs', [...CONNECTED, pause, answer('waiting-for-jobs', 'continue')], ['give-call-up']],
    ['while it is paused', [...CONNECTED, pause, disconnected], []],
  ])('goes to the hub at once when its machine wakes %s', (_name, events, last) => {
    const isBehind = events.includes(woken);
    expect(walk(isBehind ? events : [...events, woken], desktop).done.at(-1)).toEqual(last);
  });

  it('tries with short pauses again behind that, as a network takes its seconds', () => {
    const offline = [registered, failed(0), ...[waitOver, failed(0)], ...[waitOver, failed(0)]];
    expect(walk(offline, desktop).done.at(-1)).toEqual(['wait 4000']);
    expect(walk([...offline, woken, failed(0)], desktop).done.at(-1)).toEqual(['wait 1000']);
  });

  it('goes on without a sync for as long as it takes', () => {
    expect(walk([registered, failed(0, 1e9)], desktop).done.at(-1)).toEqual(['wait 1000']);
  });

  it('stays, stopped, when the hub ends the agent, and can be connected again', () => {
    const ended = [registered, answer('waiting-for-jobs', 'shutdown', { shutdown_reason: 'idle' }), disconnected];
    expect(walk(ended, desktop).state).toEqual({ phase: 'stopped', reason: 'IDLE' });
    expect(walk([...ended, resume], desktop).done.at(-1)).toEqual(['register']);
  });
});
