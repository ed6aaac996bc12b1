import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API_PATH } from '../agent/hub/wire.ts';
import { PracticeHub } from './practice-hub.ts';

let hub: PracticeHub;

beforeEach(async () => {
  hub = await PracticeHub.start({ nextSyncAfter: 250 });
});
afterEach(() => hub.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly authorization: string;
  readonly body?: string;
}

async function send({
  method,
  url,
  authorization,
  body,
}: Exchange): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { authorization, 'user-agent': 'SemaphoreAgent/test' };
  const answer = await request(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.statusCode, text: await answer.body.text() };
}

async function call(method: 'GET' | 'POST', path: string, token: string, body?: unknown): Promise<Answer> {
  const { status, text } = await send({
    method,
    url: `http://${hub.endpoint}${API_PATH}${path}`,
    authorization: `Token ${token}`,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  let parsed: Record<string, unknown> = {};
  try {
    parsed = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A text of the hub's.
  }
  return { status, text, body: parsed };
}

const agent = (over: Readonly<Record<string, unknown>> = {}) => ({
  name: 'lap-42-office',
  version: '1.0.0',
  pid: 1,
  os: 'x',
  arch: 'x86_64',
  hostname: 'h',
  single_job: false,
  idle_timeout: 0,
  interruption_grace_period: 0,
  job_id: '',
  ...over,
});

async function register(over: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return String((await call('POST', '/register', hub.registrationToken, agent(over))).body.token);
}

async function sync(
  token: string,
  state: string,
  over: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  const body = { state, job_id: '', job_result: '', interrupted_at: 0, ...over };
  return (await call('POST', '/sync', token, body)).body;
}

async function push(
  id: string,
  from: number,
  events: readonly unknown[],
  token = hub.loggerOf(id).token,
): Promise<number> {
  const { status } = await send({
    method: 'POST',
    url: `${hub.loggerOf(id).url}?start_from=${from}`,
    authorization: `Bearer ${token}`,
    body: events
      .map(
        (event) => `${JSON.stringify(event)}
`,
      )
      .join(''),
  });
  return status;
}

const output = (text: string) => ({ event: 'cmd_output', timestamp: 1, output: text });

describe('register', () => {
  it.each([
    ['a wrong token', 'wrong', {}, 401, /Unauthorized/],
    ['a short name', '', { name: 'short' }, 400, /8 to 80/],
    ['a URL as a name', '', { name: 'https://sts.example.com/x' }, 400, /not allowed/],
    ['a wrong field', '', { pid: 'one' }, 422, /malformed/],
  ])('refuses %s', async (_name, token, over, status, text) => {
    const answer = await call('POST', '/register', token || hub.registrationToken, agent(over));
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(text);
  });

  it('refuses a name that is taken, but only once it synced', async () => {
    const token = await register();
    await register();
    await sync(token, 'waiting-for-jobs');
    expect((await call('POST', '/register', hub.registrationToken, agent())).text).toMatch(/already being used/);
  });
});

describe('sync', () => {
  it('gives a job out only to an agent that waits, and again until it has left that state', async () => {
    const id = hub.addJob({ commands: [] });
    const token = await register();
    expect(await sync(token, 'waiting-for-jobs')).toEqual({ action: 'run-job', job_id: id, next_sync_after: 250 });
    expect(await sync(token, 'waiting-for-jobs')).toMatchObject({ action: 'run-job', job_id: id });
    expect(await sync(token, 'running-job', { job_id: id })).toMatchObject({ action: 'continue' });
    hub.addJob({ commands: [] });
    expect(await sync(token, 'running-job', { job_id: id })).toMatchObject({ action: 'continue' });
    hub.stopJob(id);
    expect(await sync(token, 'running-job', { job_id: id })).toMatchObject({ action: 'stop-job', job_id: id });
    expect(await sync(token, 'stopping-job', { job_id: id })).toMatchObject({ action: 'continue' });
    expect(await sync(token, 'finished-job', { job_id: id, job_result: 'stopped' })).toMatchObject({
      action: 'wait-for-jobs',
    });
    expect(hub.resultOf(id)).toBe('stopped');
    expect(await sync(token, 'waiting-for-jobs')).toMatchObject({ action: 'run-job' });
    expect(hub.violations).toEqual([]);
  });

  it('ends agents for one job, idle ones, interrupted ones and those it was asked to end', async () => {
    const single = await register({ name: 'single-agent', single_job: true });
    const id = hub.addJob({ commands: [] });
    await sync(single, 'waiting-for-jobs');
    expect(await sync(single, 'finished-job', { job_id: id, job_result: 'passed' })).toMatchObject({
      action: 'shutdown',
      shutdown_reason: 'job-finished',
    });
    const interrupted = await register({ name: 'interrupted-agent' });
    expect(await sync(interrupted, 'waiting-for-jobs', { interrupted_at: 5 })).toMatchObject({
      shutdown_reason: 'interrupted',
    });
    hub.requestShutdown('requested');
    expect(await sync(await register({ name: 'another-agent' }), 'waiting-for-jobs')).toMatchObject({
      shutdown_reason: 'requested',
    });
  });

  it('knows nobody after a disconnect', async () => {
    const token = await register();
    expect((await call('POST', '/disconnect', token)).status).toBe(200);
    expect((await call('POST', '/sync', token, {})).status).toBe(404);
    expect((await call('POST', '/disconnect', token)).status).toBe(404);
  });

  it('refuses what is no sync, and notes what no agent may do', async () => {
    const token = await register();
    expect((await call('POST', '/sync', token, { state: 'dancing' })).status).toBe(422);
    await sync(token, 'waiting-for-jobs', { job_id: 'j' });
    await sync(token, 'running-job', { job_id: 'j' });
    await sync(token, 'waiting-for-jobs');
    expect(hub.violations).toEqual([expect.stringContaining('with job_id'), expect.stringContaining('goes back')]);
  });
});

describe('jobs and queue', () => {
  it('are for the agent that has them, and for the registration token', async () => {
    const id = hub.addJob({ commands: [{ directive: 'x' }] });
    const [first, second] = [await register({ name: 'first-agent' }), await register({ name: 'second-agent' })];
    expect((await call('GET', '/jobs', hub.registrationToken)).body).toEqual({ jobs: [{ id }] });
    expect((await call('GET', `/jobs/${id}`, first)).status).toBe(404);
    await sync(first, 'waiting-for-jobs');
    expect((await call('GET', `/jobs/${id}`, first)).body).toMatchObject({ job_id: id, logger: { method: 'push' } });
    expect((await call('GET', `/jobs/${id}`, second)).status).toBe(404);
    expect((await call('GET', '/metrics', hub.registrationToken)).body).toEqual({
      jobs: { queued: 0, running: 1 },
      agents: { idle: 1, occupied: 1 },
    });
    expect((await call('POST', '/refresh', second)).status).toBe(422);
    expect((await call('POST', '/refresh', first)).status).toBe(200);
  });
});

describe('the log server', () => {
  it('stores by position, so that a repeat is safe', async () => {
    const id = hub.addJob({});
    expect(await push(id, 0, [output('a'), output('b')])).toBe(200);
    expect(await push(id, 1, [output('B'), output('c')])).toBe(200);
    expect(hub.log(id).text).toBe('aBc');
    expect(hub.violations).toEqual([]);
  });

  it('refuses an old token, more than 2,000 events, and more than fits', async () => {
    await hub.close();
    hub = await PracticeHub.start({ maxLogBytes: 500_000 });
    const id = hub.addJob({});
    const old = hub.loggerOf(id).token;
    hub.log(id).refreshToken();
    expect(await push(id, 0, [output('a')], old)).toBe(401);
    expect(
      await push(
        id,
        0,
        Array.from({ length: 2_001 }, () => output('')),
      ),
    ).toBe(413);
    expect(
      await push(
        id,
        0,
        Array.from({ length: 2_000 }, () => output('')),
      ),
    ).toBe(200);
    expect(await push(id, 2_000, [output('x'.repeat(500_000))])).toBe(422);
    expect(hub.log(id).count).toBe(2_000);
  });

  it('notes gaps and lines that are no events', async () => {
    const id = hub.addJob({});
    await push(id, 3, [{ event: 'cmd_output', timestamp: 'now', output: 'x' }]);
    expect(hub.violations).toEqual([expect.stringContaining('gap'), expect.stringContaining('no event')]);
  });
});

describe('faults', () => {
  it('come where they were planned, and are recorded', async () => {
    hub.injectFault({ on: 'register', skip: 1, status: 503 });
    hub.injectFault({ on: 'register', reset: true });
    const statuses: unknown[] = [];
    for (let n = 0; n < 4; n += 1) {
      const tried = call('POST', '/register', hub.registrationToken, agent({ name: `agent-${n}-name` }));
      statuses.push(
        await tried.then(
          ({ status }) => status,
          () => 'no answer',
        ),
      );
    }
    expect(statuses).toEqual([201, 503, 'no answer', 201]);
    expect(hub.calls.map(({ status }) => status)).toEqual([201, 503, 'reset', 201]);
  });
});

describe('the calls of recorded cases', () => {
  const folder = join('e2e', 'cases', 'shell');
  const recorded = readdirSync(folder)
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded)
    .filter(({ jobs, raw_jobs, script, faults, flags }) => !jobs && !raw_jobs && !script && !faults && !flags)
    .filter(({ expect: { calls, states } }) => (calls?.length ?? 0) > 1 && states?.length === 4);

  it.each(recorded.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const id = hub.addJob({ ...one.job });
    const token = await register();
    for (const state of one.expect.states ?? []) {
      const ofJob = state === 'waiting-for-jobs' ? {} : { job_id: id };
      const result = state === 'finished-job' ? { job_result: one.expect.result } : {};
      const answer = await sync(token, state, { ...ofJob, ...result });
      if (answer.action === 'run-job') expect((await call('GET', `/jobs/${id}`, token)).status).toBe(200);
      hub.requestShutdown('requested');
    }
    expect((await call('POST', '/disconnect', token)).status).toBe(200);
    const told = hub.calls.filter(({ kind }) => kind !== 'sync').map(({ kind, status }) => `${kind} ${status}`);
    expect(told).toEqual(one.expect.calls);
    expect(hub.resultOf(id)).toBe(one.expect.result);
    expect(hub.violations).toEqual([]);
  });
});

interface Recorded {
  readonly name: string;
  readonly job?: Record<string, unknown>;
  readonly jobs?: unknown;
  readonly raw_jobs?: unknown;
  readonly script?: unknown;
  readonly faults?: unknown;
  readonly flags?: unknown;
  readonly expect: { readonly calls?: string[]; readonly states?: string[]; readonly result: string };
}
