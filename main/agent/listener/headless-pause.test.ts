import { expect, it } from 'vitest';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { HeadlessPause } from './headless-pause.ts';

const told = (state: 'idle' | 'paused'): AgentSnapshot => ({
  version: 1,
  agentName: 'a',
  endpoint: 'e',
  status: state === 'idle' ? { state, lastSyncAt: 0 } : { state },
});

function headless() {
  const clock = new FakeClock();
  const calls: string[] = [];
  const shown: AgentSnapshot[] = [];
  const pause = new HeadlessPause({
    clock,
    listener: {
      pause: () => calls.push('pause'),
      resume: () => calls.push('resume'),
      disconnect: (job) => calls.push(`disconnect ${job}`),
    },
    onSnapshot: (snapshot) => shown.push(snapshot),
  });
  return { clock, calls, shown, pause };
}

it('ends a pause by itself, and tells when', async () => {
  const { clock, calls, shown, pause } = headless();
  pause.controls.pause({ kind: 'for', minutes: 30 });
  pause.take(told('paused'));
  expect(shown.at(-1)?.pause).toEqual({ by: 'you', until: clock.now() + 30 * 60_000 });
  await clock.advance(30 * 60_000);
  expect(calls).toEqual(['pause', 'resume']);
  pause.take(told('idle'));
  expect(shown.at(-1)).not.toHaveProperty('pause');
});

it('forgets the end of a pause that another wish takes the place of', async () => {
  const { clock, calls, pause } = headless();
  pause.controls.pause({ kind: 'for', minutes: 1 });
  pause.controls.pause({ kind: 'until-resumed' });
  await clock.advance(60_000);
  pause.controls.pause({ kind: 'for', minutes: 1 });
  pause.controls.disconnect('finish');
  await clock.advance(60_000);
  expect(calls).toEqual(['pause', 'pause', 'pause', 'disconnect finish']);
});

it('refuses pauses that only the app can end', () => {
  const { calls, pause } = headless();
  expect(() => pause.controls.pause({ kind: 'while-on-battery' })).toThrow(/only the app/);
  expect(calls).toEqual([]);
});
