import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallKind } from '../../practice/faults.ts';
import { NASTY_ANSWERS } from '../../practice/nasty-answers.ts';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { createHttp } from '../hub/undici-http.ts';
import { systemClock } from '../platform/clock.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { FakeJobAgent, type FakeJobAgentOptions } from './fake-job-agent.ts';

/* A real hub over real HTTP that answers badly; only the waiting is virtual. */

let hub: PracticeHub;
let clock: FakeClock;
let agent: FakeJobAgent;

const http = createHttp(systemClock);

beforeEach(async () => {
  clock = new FakeClock();
  hub = await PracticeHub.start({ nextSyncAfter: 5_000 });
});
afterEach(() => hub.close());

const start = (over: Partial<FakeJobAgentOptions> = {}) => new FakeJobAgent({ hub, http, clock, ...over });

describe.each(Object.entries(NASTY_ANSWERS))('%s', (name, nasty) => {
  it.each<CallKind>(['register', 'sync', 'job', 'disconnect'])(
    'to %s, three times, changes nothing in the end',
    async (on) => {
      hub.injectFault({ on, times: 3, ...nasty });
      agent = start();
      const id = hub.addJob({});
      // A job request with fields of wrong types is one, and cannot be run.
      const isHopeless = on === 'job' && name === 'wrong types';
      if (!isHopeless) {
        await agent.running();
        agent.finish('passed');
      }
      await agent.passUntil(() => hub.resultOf(id) !== undefined);
      await agent.leave();
      expect(hub.resultOf(id)).toBe(isHopeless ? 'failed' : 'passed');
      expect(agent.exitCode).toBe(0);
      expect(agent.reasons).toEqual(['REQUESTED']);
      expect(agent.stops).toBe(0);
      expect(hub.violations).toEqual([]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      for (const line of agent.lines) expect(line).toMatch(/^[^\x00-\x1f]{1,500}$/);
    },
  );

  it('to every sync behind the end of a job does not lose its result', async () => {
    agent = start();
    const id = hub.addJob({});
    await agent.running();
    hub.injectFault({ on: 'sync', times: 5, ...nasty });
    agent.finish('failed');
    await agent.passUntil(() => hub.resultOf(id) !== undefined);
    await agent.leave();
    expect(hub.resultOf(id)).toBe('failed');
  });
});

describe('an answer to a sync', () => {
  it.each([-1, 0, 0.001, 1e15, Number.MAX_VALUE, '5000', null, [], {}])(
    'with next_sync_after %j brings neither a flood of syncs nor silence',
    async (nextSyncAfter) => {
      hub.answerNextSync({ action: 'continue', next_sync_after: nextSyncAfter });
      agent = start();
      await agent.passUntil(() => agent.syncs === 1);
      const since = clock.now();
      await agent.passUntil(() => agent.syncs === 2);
      expect(clock.now() - since).toBeLessThanOrEqual(61_000);
      await agent.leave();
      expect(agent.exitCode).toBe(0);
    },
  );

  it.each([
    ['run-job', { job_id: 'another-job' }],
    ['stop-job', { job_id: 'another-job' }],
    ['wait-for-jobs', {}],
    ['register', {}],
    ['', {}],
  ])('that says %s out of turn is passed over while a job runs', async (action, more) => {
    agent = start();
    const id = hub.addJob({});
    await agent.running();
    const before = agent.syncs;
    for (let n = 0; n < 3; n += 1) hub.answerNextSync({ action, next_sync_after: 100, ...more });
    await agent.passUntil(() => agent.syncs >= before + 4);
    agent.finish('passed');
    await agent.passUntil(() => hub.resultOf(id) !== undefined);
    await agent.leave();
    expect([hub.resultOf(id), agent.stops]).toEqual(['passed', 0]);
    expect(hub.calls.filter(({ kind }) => kind === 'job')).toHaveLength(1);
  });

  it('that ends the agent while a job runs: the job is stopped and reported first', async () => {
    agent = start();
    const id = hub.addJob({});
    await agent.running();
    hub.requestShutdown('requested');
    hub.answerNextSync({ action: 'shutdown', shutdown_reason: 'requested', next_sync_after: 100 });
    await agent.passUntil(() => agent.exitCode !== undefined);
    expect([hub.resultOf(id), agent.stops, agent.exitCode]).toEqual(['stopped', 1, 0]);
    expect(hub.connectedAgents).toBe(0);
  });

  it('of 404 stops the job and brings a new registration', async () => {
    agent = start();
    const id = hub.addJob({});
    await agent.running();
    hub.forgetAgents();
    await agent.passUntil(() => hub.calls.filter(({ kind }) => kind === 'register').length === 2);
    await agent.leave();
    expect([hub.resultOf(id), agent.stops, agent.exitCode]).toEqual([undefined, 1, 0]);
  });
});

it.each([404, 401])('a disconnect that is answered with %i is one: the hub does not know the agent', async (status) => {
  hub.injectFault({ on: 'disconnect', status });
  agent = start();
  await agent.passUntil(() => agent.syncs > 0);
  hub.requestShutdown('requested');
  await agent.passUntil(() => agent.exitCode !== undefined);
  expect(hub.calls.filter(({ kind }) => kind === 'disconnect')).toHaveLength(1);
  expect([agent.exitCode, agent.reasons]).toEqual([0, ['REQUESTED']]);
});

describe('a registration', () => {
  it.each([
    ['without a token', '{"name":"x"}'],
    ['with an empty token', '{"name":"x","token":""}'],
    ['with a token that is none', '{"name":"x","token":null}'],
  ])('%s is none, and given up after 30 tries', async (_name, body) => {
    hub.injectFault({ on: 'register', times: 100, status: 201, body });
    agent = start();
    const since = clock.now();
    await agent.passUntil(() => agent.exitCode !== undefined);
    expect(agent.exitCode).toBe(1);
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(30);
    expect(clock.now() - since).toBeGreaterThanOrEqual(29_000);
  });

  it("may call its token as the stand-in of the reference agent's own tests does", async () => {
    hub.injectFault({ on: 'register', status: 201, body: '{"access_token":"theirs"}' });
    agent = start();
    await agent.passUntil(() => agent.syncs > 0);
    expect(hub.calls.find(({ kind }) => kind === 'sync')?.authorization).toBe('Token theirs');
    await agent.leave();
  });

  it('with a name that is none leaves us ours', async () => {
    hub.injectFault({ on: 'register', status: 201, body: '{"name":5,"token":"t"}' });
    agent = start();
    await agent.passUntil(() => agent.syncs > 0);
    expect(agent.lines).toContain('Registered as test-agent');
    await agent.leave();
  });
});
