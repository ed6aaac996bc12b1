import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallKind } from '../../practice/faults.ts';
import { NASTY_ANSWERS } from '../../practice/nasty-answers.ts';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { HubClient } from '../hub/hub-client.ts';
import { createHttp } from '../hub/undici-http.ts';
import type { JobResult } from '../hub/wire.ts';
import { fetchJob } from '../job/fetch-job.ts';
import { systemClock } from '../platform/clock.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { Listener } from './listener.ts';

/* A real hub over real HTTP that answers badly; only the waiting is virtual. */

let hub: PracticeHub;
let clock: FakeClock;
let ended: Promise<number>;
let exitCode: number | undefined;
let listener: Listener;
let lines: string[];
let reasons: string[];
let stops: number;
let finish: (result: JobResult) => void;

const http = createHttp(systemClock);

beforeEach(async () => {
  hub = await PracticeHub.start({ nextSyncAfter: 5_000 });
  clock = new FakeClock();
  exitCode = undefined;
  lines = [];
  reasons = [];
  stops = 0;
});
afterEach(() => hub.close());

/** Begins an agent whose jobs are fetched for real, and end when the test says so. */
function startAgent(over: { readonly staysAlive?: boolean } = {}): void {
  const say = (line: string) => void lines.push(line);
  const client = new HubClient({
    http,
    endpoint: hub.endpoint,
    noHttps: true,
    registrationToken: hub.registrationToken,
  });
  listener = new Listener({
    hub: client,
    clock,
    random: { bytes: (count) => new Uint8Array(count), between: (low) => low },
    log: { info: say, warn: say, error: say, setName: () => undefined },
    registration: {
      name: 'test-agent',
      version: '1',
      pid: 1,
      os: '',
      arch: '',
      hostname: '',
      single_job: false,
      idle_timeout: 0,
      interruption_grace_period: 0,
      job_id: '',
    },
    rules: { disconnectAfterJob: false, staysAlive: over.staysAlive ?? false },
    store: { load: () => undefined, save: () => undefined, forget: () => undefined },
    startJob: (jobId, accessToken, onRunning) => {
      const stopping = new AbortController();
      const steered = new Promise<JobResult>((resolve) => {
        finish = resolve;
      });
      const run = async (): Promise<{ result: JobResult }> => {
        const { signal } = stopping;
        const fetched = await fetchJob({ hub: client, clock, jobId, accessToken: accessToken(), signal });
        if (!fetched.ok) return { result: 'failed' };
        onRunning();
        return { result: await steered };
      };
      const stop = () => {
        stops += 1;
        stopping.abort();
        finish('stopped');
      };
      return { ended: run(), stop };
    },
    runShutdownHook: async (reason) => void reasons.push(reason),
  });
  ended = listener.run();
  void ended.then((code) => {
    exitCode = code;
  });
}

/** Lets virtual time pass, a second at a time, until something has happened. Real calls get their real time. */
async function passUntil(condition: () => boolean): Promise<void> {
  const inFlight = () => hub.calls.length;
  for (let seen = -1; !condition(); ) {
    if (seen === inFlight()) await clock.advance(250);
    seen = inFlight();
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function leave(): Promise<void> {
  hub.mend();
  hub.requestShutdown('requested');
  await passUntil(() => exitCode !== undefined);
}

const statesTold = () =>
  hub.calls.flatMap(({ kind, body }) =>
    kind === 'sync' ? [String((JSON.parse(body) as { state: string }).state)] : [],
  );

const running = () => passUntil(() => statesTold().includes('running-job'));
const syncs = () => statesTold().length;

describe.each(Object.entries(NASTY_ANSWERS))('%s', (name, nasty) => {
  it.each<CallKind>(['register', 'sync', 'job', 'disconnect'])(
    'to %s, three times, changes nothing in the end',
    async (on) => {
      hub.injectFault({ on, times: 3, ...nasty });
      startAgent();
      const id = hub.addJob({});
      // A job request with fields of wrong types is one, and cannot be run.
      const isHopeless = on === 'job' && name === 'wrong types';
      if (!isHopeless) {
        await running();
        finish('passed');
      }
      await passUntil(() => hub.resultOf(id) !== undefined);
      await leave();
      expect(hub.resultOf(id)).toBe(isHopeless ? 'failed' : 'passed');
      expect(exitCode).toBe(0);
      expect(reasons).toEqual(['REQUESTED']);
      expect(stops).toBe(0);
      expect(hub.violations).toEqual([]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      for (const line of lines) expect(line).toMatch(/^[^\x00-\x1f]{1,500}$/);
    },
  );

  it('to every sync behind the end of a job does not lose its result', async () => {
    startAgent();
    const id = hub.addJob({});
    await running();
    hub.injectFault({ on: 'sync', times: 5, ...nasty });
    finish('failed');
    await passUntil(() => hub.resultOf(id) !== undefined);
    await leave();
    expect(hub.resultOf(id)).toBe('failed');
  });
});

describe('a hub that is down', () => {
  const MINUTE = 60_000;

  it('for 9 minutes loses nothing', async () => {
    startAgent();
    const id = hub.addJob({});
    await running();
    const since = clock.now();
    hub.injectFault({ on: 'sync', times: Number.POSITIVE_INFINITY, reset: true });
    finish('passed');
    await passUntil(() => clock.now() - since >= 9 * MINUTE);
    hub.mend();
    await passUntil(() => hub.resultOf(id) !== undefined);
    await leave();
    expect([hub.resultOf(id), exitCode, stops]).toEqual(['passed', 0, 0]);
  });

  it('for 11 minutes is given up on the command line: the job is stopped, and the hook is told', async () => {
    startAgent();
    hub.addJob({});
    await running();
    const since = clock.now();
    hub.injectFault({ on: 'sync', times: Number.POSITIVE_INFINITY, status: 503 });
    hub.injectFault({ on: 'disconnect', times: Number.POSITIVE_INFINITY, status: 503 });
    await passUntil(() => exitCode !== undefined);
    const minutes = (clock.now() - since) / MINUTE;
    expect(minutes).toBeGreaterThan(10);
    expect(minutes).toBeLessThan(13);
    expect([exitCode, stops]).toEqual([1, 1]);
    expect(reasons).toEqual(['UNABLE_TO_SYNC']);
  });

  it('for an hour is waited for by the desktop', async () => {
    startAgent({ staysAlive: true });
    const id = hub.addJob({});
    await running();
    const since = clock.now();
    hub.injectFault({ on: 'sync', times: Number.POSITIVE_INFINITY, reset: true });
    finish('passed');
    await passUntil(() => clock.now() - since >= 60 * MINUTE);
    hub.mend();
    listener.wake();
    await passUntil(() => hub.resultOf(id) !== undefined);
    expect([hub.resultOf(id), exitCode, stops]).toEqual(['passed', undefined, 0]);
    expect(clock.now() - since).toBeLessThan(61 * MINUTE);
  });
});

describe('an answer to a sync', () => {
  it.each([-1, 0, 0.001, 1e15, Number.MAX_VALUE, '5000', null, [], {}])(
    'with next_sync_after %j brings neither a flood of syncs nor silence',
    async (nextSyncAfter) => {
      hub.answerNextSync({ action: 'continue', next_sync_after: nextSyncAfter });
      startAgent();
      await passUntil(() => syncs() === 1);
      const since = clock.now();
      await passUntil(() => syncs() === 2);
      expect(clock.now() - since).toBeLessThanOrEqual(61_000);
      await leave();
      expect(exitCode).toBe(0);
    },
  );

  it.each([
    ['run-job', { job_id: 'another-job' }],
    ['stop-job', { job_id: 'another-job' }],
    ['wait-for-jobs', {}],
    ['register', {}],
    ['', {}],
  ])('that says %s out of turn is passed over while a job runs', async (action, more) => {
    startAgent();
    const id = hub.addJob({});
    await running();
    const before = syncs();
    for (let n = 0; n < 3; n += 1) hub.answerNextSync({ action, next_sync_after: 100, ...more });
    await passUntil(() => syncs() >= before + 4);
    finish('passed');
    await passUntil(() => hub.resultOf(id) !== undefined);
    await leave();
    expect([hub.resultOf(id), stops]).toEqual(['passed', 0]);
    expect(hub.calls.filter(({ kind }) => kind === 'job')).toHaveLength(1);
  });

  it('that ends the agent while a job runs: the job is stopped and reported first', async () => {
    startAgent();
    const id = hub.addJob({});
    await running();
    hub.requestShutdown('requested');
    hub.answerNextSync({ action: 'shutdown', shutdown_reason: 'requested', next_sync_after: 100 });
    await passUntil(() => exitCode !== undefined);
    expect([hub.resultOf(id), stops, exitCode]).toEqual(['stopped', 1, 0]);
    expect(hub.connectedAgents).toBe(0);
  });

  it('of 404 stops the job and brings a new registration', async () => {
    startAgent();
    const id = hub.addJob({});
    await running();
    hub.forgetAgents();
    await passUntil(() => hub.calls.filter(({ kind }) => kind === 'register').length === 2);
    await leave();
    expect([hub.resultOf(id), stops, exitCode]).toEqual([undefined, 1, 0]);
  });
});

describe('a registration', () => {
  it.each([
    ['without a token', '{"name":"x"}'],
    ['with an empty token', '{"name":"x","token":""}'],
    ['with a token that is none', '{"name":"x","token":null}'],
  ])('%s is none, and given up after 30 tries', async (_name, body) => {
    hub.injectFault({ on: 'register', times: 100, status: 201, body });
    startAgent();
    const since = clock.now();
    await passUntil(() => exitCode !== undefined);
    expect(exitCode).toBe(1);
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(30);
    expect(clock.now() - since).toBeGreaterThanOrEqual(29_000);
  });

  it("may call its token as the stand-in of the reference agent's own tests does", async () => {
    hub.injectFault({ on: 'register', status: 201, body: '{"access_token":"theirs"}' });
    startAgent();
    await passUntil(() => syncs() > 0);
    expect(hub.calls.find(({ kind }) => kind === 'sync')?.authorization).toBe('Token theirs');
    await leave();
  });

  it('with a name that is none leaves us ours', async () => {
    hub.injectFault({ on: 'register', status: 201, body: '{"name":5,"token":"t"}' });
    startAgent();
    await passUntil(() => syncs() > 0);
    expect(lines).toContain('Registered as test-agent');
    await leave();
  });
});
