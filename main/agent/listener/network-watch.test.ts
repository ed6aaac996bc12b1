import { afterEach, beforeEach, expect, it } from 'vitest';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { createHttp } from '../hub/undici-http.ts';
import { systemClock } from '../platform/clock.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { FakeJobAgent } from './fake-job-agent.ts';
import { NetworkWatch } from './network-watch.ts';

const http = createHttp(systemClock);
let hub: PracticeHub;
let clock: FakeClock;
let agent: FakeJobAgent;
let addresses: string;
let looks: number;

beforeEach(async () => {
  clock = new FakeClock();
  hub = await PracticeHub.start({ nextSyncAfter: 5_000 });
  addresses = '10.0.0.1';
  looks = 0;
  const look = () => {
    looks += 1;
    return addresses;
  };
  const watch = new NetworkWatch({ clock, addresses: look, onChange: () => agent.listener.wake() });
  agent = new FakeJobAgent({ hub, http, clock, staysAlive: true, onChange: (state) => watch.take(state) });
});
afterEach(() => hub.close());

const MINUTE = 60_000;
const away = { times: Number.POSITIVE_INFINITY, reset: true } as const;

it('asks the hub at once when the machine has another address, and soon again where that was too early', async () => {
  await agent.passUntil(() => agent.syncs === 2);
  hub.injectFault({ on: 'sync', ...away });
  const since = clock.now();
  await agent.passUntil(() => clock.now() - since >= 30 * MINUTE);
  addresses = '192.168.1.7';
  const changed = clock.now();
  const before = agent.syncs;
  await agent.passUntil(() => agent.syncs > before);
  expect(clock.now() - changed).toBeLessThanOrEqual(2_250);
  hub.mend();
  await agent.passUntil(() => agent.syncs > before + 1);
  expect(clock.now() - changed).toBeLessThanOrEqual(5_000);
});

it('registers at once then', async () => {
  hub.injectFault({ on: 'register', ...away });
  const since = clock.now();
  await agent.passUntil(() => clock.now() - since >= 10 * MINUTE);
  hub.mend();
  addresses = '192.168.1.7';
  const changed = clock.now();
  await agent.passUntil(() => agent.syncs > 0);
  expect(clock.now() - changed).toBeLessThanOrEqual(3_000);
});

it('looks at nothing while the hub answers', async () => {
  await agent.passUntil(() => agent.syncs === 5);
  addresses = '192.168.1.7';
  await agent.passUntil(() => agent.syncs === 10);
  expect(looks).toBe(0);
});
