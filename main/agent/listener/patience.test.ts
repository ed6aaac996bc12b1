import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { createHttp } from '../hub/undici-http.ts';
import { systemClock } from '../platform/clock.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { FakeJobAgent, type FakeJobAgentOptions } from './fake-job-agent.ts';

/* Who waits for whom, over real HTTP; only the waiting is virtual. */

let hub: PracticeHub;
let clock: FakeClock;
let agent: FakeJobAgent;

const http = createHttp(systemClock);

beforeEach(async () => {
  clock = new FakeClock();
  hub = await PracticeHub.start({ nextSyncAfter: 5_000, now: () => clock.now() });
});
afterEach(() => hub.close());

const start = (over: Partial<FakeJobAgentOptions> = {}) => new FakeJobAgent({ hub, http, clock, ...over });

describe('a hub that is down', () => {
  const MINUTE = 60_000;

  it('for 9 minutes loses nothing', async () => {
    agent = start();
    const id = hub.addJob({});
    await agent.running();
    const since = clock.now();
    hub.injectFault({ on: 'sync', times: Number.POSITIVE_INFINITY, reset: true });
    agent.finish('passed');
    await agent.passUntil(() => clock.now() - since >= 9 * MINUTE);
    hub.mend();
    await agent.passUntil(() => hub.resultOf(id) !== undefined);
    await agent.leave();
    expect([hub.resultOf(id), agent.exitCode, agent.stops]).toEqual(['passed', 0, 0]);
  });

  it('for 11 minutes is given up on the command line: the job is stopped, and the hook is told', async () => {
    agent = start();
    hub.addJob({});
    await agent.running();
    const since = clock.now();
    hub.injectFault({ on: 'sync', times: Number.POSITIVE_INFINITY, status: 503 });
    hub.injectFault({ on: 'disconnect', times: Number.POSITIVE_INFINITY, status: 503 });
    await agent.passUntil(() => agent.exitCode !== undefined);
    const minutes = (clock.now() - since) / MINUTE;
    expect(minutes).toBeGreaterThan(10);
    expect(minutes).toBeLessThan(13);
    expect([agent.exitCode, agent.stops]).toEqual([1, 1]);
    expect(agent.reasons).toEqual(['UNABLE_TO_SYNC']);
  });

  it('for an hour is waited for by the desktop', async () => {
    agent = start({ staysAlive: true });
    const id = hub.addJob({});
    await agent.running();
    const since = clock.now();
    hub.injectFault({ on: 'sync', times: Number.POSITIVE_INFINITY, reset: true });
    agent.finish('passed');
    await agent.passUntil(() => clock.now() - since >= 60 * MINUTE);
    hub.mend();
    agent.listener.wake();
    await agent.passUntil(() => hub.resultOf(id) !== undefined);
    expect([hub.resultOf(id), agent.exitCode, agent.stops]).toEqual(['passed', undefined, 0]);
    expect(clock.now() - since).toBeLessThan(61 * MINUTE);
  });
});

describe('an agent that is asked to go', () => {
  const GRACE = { gracePeriod: 60 };

  it('goes on with its job within its grace, and leaves when that has ended', async () => {
    agent = start(GRACE);
    const id = hub.addJob({});
    await agent.running();
    const since = clock.now();
    agent.listener.interrupt();
    await agent.passUntil(() => clock.now() - since >= 50_000);
    expect([agent.stops, hub.resultOf(id), agent.exitCode]).toEqual([0, undefined, undefined]);
    agent.finish('passed');
    await agent.passUntil(() => agent.exitCode !== undefined);
    expect([agent.stops, hub.resultOf(id), agent.exitCode]).toEqual([0, 'passed', 0]);
    expect(agent.reasons).toEqual(['INTERRUPTED']);
    expect(clock.now() - since).toBeLessThan(60_000);
  });

  it('has its job stopped by the hub when its grace has run out, reports it, and leaves', async () => {
    agent = start(GRACE);
    const id = hub.addJob({});
    await agent.running();
    const since = clock.now();
    agent.listener.interrupt();
    await agent.passUntil(() => agent.stops > 0);
    const waited = clock.now() - since;
    expect(waited).toBeGreaterThanOrEqual(59_000);
    expect(waited).toBeLessThanOrEqual(66_000);
    await agent.passUntil(() => agent.exitCode !== undefined);
    expect([agent.stops, hub.resultOf(id), agent.exitCode]).toEqual([1, 'stopped', 0]);
    expect(agent.reasons).toEqual(['INTERRUPTED']);
    expect(hub.connectedAgents).toBe(0);
    expect(hub.violations).toEqual([]);
  });

  it('without grace has its job stopped at once', async () => {
    agent = start();
    const id = hub.addJob({});
    await agent.running();
    const since = clock.now();
    agent.listener.interrupt();
    await agent.passUntil(() => agent.exitCode !== undefined);
    expect([agent.stops, hub.resultOf(id), agent.exitCode]).toEqual([1, 'stopped', 0]);
    expect(clock.now() - since).toBeLessThan(15_000);
  });

  it('does not wait for the rest of its grace at the second signal', async () => {
    agent = start(GRACE);
    const id = hub.addJob({});
    await agent.running();
    const since = clock.now();
    agent.listener.interrupt();
    await agent.passUntil(() => clock.now() - since >= 10_000);
    agent.listener.interrupt();
    await agent.passUntil(() => agent.exitCode !== undefined);
    expect([agent.stops, hub.resultOf(id), agent.exitCode]).toEqual([1, 'stopped', 0]);
    expect(clock.now() - since).toBeLessThan(20_000);
  });

  it('reports its job at the second signal however the syncs go, and does not say goodbye before', async () => {
    agent = start(GRACE);
    const id = hub.addJob({});
    await agent.running();
    hub.injectFault({ on: 'sync', times: 2, reset: true });
    agent.listener.interrupt();
    agent.listener.interrupt();
    await agent.passUntil(() => agent.exitCode !== undefined);
    expect([agent.stops, hub.resultOf(id), agent.exitCode]).toEqual([1, 'stopped', 0]);
    expect(hub.connectedAgents).toBe(0);
  });
});
