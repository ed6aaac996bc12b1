import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { fakeRegistration } from '../hub/fake-registration.ts';
import { HubClient } from '../hub/hub-client.ts';
import { createHttp } from '../hub/undici-http.ts';
import type { JobResult } from '../hub/wire.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { createAskedSessionStore } from './asked-session-store.ts';
import { Listener } from './listener.ts';
import type { RunningJob } from './listener-options.ts';
import type { SavedSession, SessionStore } from './session-store.ts';

let hub: PracticeHub;
const http = createHttp(systemClock);

beforeEach(async () => {
  hub = await PracticeHub.start({ nextSyncAfter: 20 });
});
afterEach(() => hub.close());

interface AgentOverrides {
  readonly token?: string;
  readonly saved?: SavedSession;
  readonly single?: boolean;
  readonly store?: SessionStore;
}

/** An agent whose jobs are steered by the test, on a real hub over real HTTP. */
function startAgent(over: AgentOverrides = {}) {
  const jobs = new Map<string, { finish(result: JobResult): void; running(): void; stops: number }>();
  const saves: string[] = [];
  const reasons: string[] = [];
  const lines: string[] = [];
  let saved = over.saved;
  const startJob = (jobId: string, _accessToken: () => string, onRunning: () => void): RunningJob => {
    let finish: (result: JobResult) => void = () => undefined;
    const ended = new Promise<{ result: JobResult }>((resolve) => {
      finish = (result) => resolve({ result });
    });
    const job = { finish, running: onRunning, stops: 0 };
    jobs.set(jobId, job);
    return {
      ended,
      stop: () => {
        job.stops += 1;
      },
    };
  };
  const listener = new Listener({
    hub: new HubClient({
      http,
      endpoint: hub.endpoint,
      noHttps: true,
      registrationToken: over.token ?? hub.registrationToken,
    }),
    clock: systemClock,
    random: systemRandom,
    log: {
      info: (m) => lines.push(m),
      warn: (m) => lines.push(m),
      error: (m) => lines.push(m),
      setName: () => undefined,
    },
    registration: fakeRegistration({ single_job: over.single ?? false }),
    rules: { disconnectAfterJob: over.single ?? false, staysAlive: false },
    store: over.store ?? {
      load: () => saved,
      save: (session) => {
        saved = session;
        saves.push(session.jobId);
      },
      forget: () => {
        saved = undefined;
        saves.push('forgotten');
      },
    },
    startJob,
    runShutdownHook: async (reason) => void reasons.push(reason),
  });
  return { listener, ended: listener.run(), jobs, saves, reasons, lines };
}

/** A store that asks; `asked` resolves when it has asked to keep this job's id, or nothing at all. */
function acknowledgedStore() {
  const questions: { readonly jobId: string | undefined; readonly acknowledge: () => void }[] = [];
  let tell: () => void = () => undefined;
  const store = createAskedSessionStore({
    key: 'key',
    kept: null,
    keep: (session) =>
      new Promise<void>((acknowledge) => {
        questions.push({ jobId: session?.jobId, acknowledge });
        tell();
      }),
    onProblem: (message) => expect.unreachable(message),
  });
  const asked = async (jobId: string | undefined) => {
    await new Promise<void>((resolve) => {
      tell = resolve;
      if (questions.length > 0) resolve();
    });
    expect(questions.map((question) => question.jobId)).toEqual([jobId]);
  };
  return { store, asked, acknowledge: () => questions.shift()?.acknowledge() };
}

const queueIsAsked = () =>
  new HubClient({ http, endpoint: hub.endpoint, noHttps: true, registrationToken: hub.registrationToken }).queue();

const synced = (state: string) =>
  hub.waitFor(() => hub.calls.some(({ kind, body }) => kind === 'sync' && body.includes(`"${state}"`)));

describe('the listener on a hub', () => {
  it('runs a job, reports it, and goes when it is asked to', async () => {
    const agent = startAgent();
    const id = hub.addJob({});
    await synced('starting-job');
    agent.jobs.get(id)?.running();
    await synced('running-job');
    agent.jobs.get(id)?.finish('passed');
    await hub.waitFor(() => hub.resultOf(id) === 'passed');
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
    expect(agent.saves).toEqual(['', id, '', 'forgotten']);
    expect(agent.reasons).toEqual(['REQUESTED']);
    expect(hub.connectedAgents).toBe(0);
    expect(hub.violations).toEqual([]);
  });

  it('is told to stop a job before it is built', async () => {
    const agent = startAgent();
    const id = hub.addJob({});
    await synced('starting-job');
    hub.stopJob(id);
    await synced('stopping-job');
    expect(agent.jobs.get(id)?.stops).toBe(1);
    agent.jobs.get(id)?.finish('stopped');
    hub.requestShutdown('requested');
    await agent.ended;
    expect(hub.resultOf(id)).toBe('stopped');
  });

  it('tells the hub of a registration, and of a job, only when another process has said that it is kept', async () => {
    const { store, asked, acknowledge } = acknowledgedStore();
    const agent = startAgent({ store });
    const id = hub.addJob({});
    const syncs = () => hub.calls.filter(({ kind }) => kind === 'sync').map(({ body }) => JSON.parse(body).state);
    await asked('');
    // Another call goes there and back: a sync that did not wait would be there before it.
    await queueIsAsked();
    expect(syncs()).toEqual([]);
    acknowledge();
    await asked(id);
    await queueIsAsked();
    expect(syncs()).toEqual(['waiting-for-jobs']);
    expect(agent.jobs.has(id)).toBe(false);
    acknowledge();
    await synced('starting-job');
    agent.jobs.get(id)?.finish('passed');
    await asked('');
    acknowledge();
    hub.requestShutdown('requested');
    await asked(undefined);
    expect(agent.reasons).toEqual([]);
    acknowledge();
    await agent.ended;
    expect(hub.violations).toEqual([]);
  });

  it('registers again when its session is unknown', async () => {
    const agent = startAgent({ saved: { name: 'old-agent', accessToken: 'unknown', jobId: 'lost' }, single: true });
    await hub.waitFor(() => hub.connectedAgents === 1);
    expect(hub.calls.map(({ kind, status }) => `${kind} ${status}`).slice(0, 2)).toEqual(['sync 404', 'register 201']);
    hub.requestShutdown('idle');
    expect(await agent.ended).toBe(0);
    expect(agent.reasons).toEqual(['IDLE']);
  });

  it.each([
    [[]],
    ['text'],
    [{ action: 7 }],
    [{ action: 'stop-job', job_id: 'other' }],
    [{ action: 'dance' }],
    [{ action: 'wait-for-jobs' }],
  ])('goes on after the answer %j', async (nonsense) => {
    const agent = startAgent();
    hub.answerNextSync(nonsense);
    await hub.waitFor(() => hub.calls.some(({ kind }) => kind === 'sync'));
    agent.listener.interrupt();
    expect(await agent.ended).toBe(0);
    expect(agent.reasons).toEqual(['INTERRUPTED']);
  });
});
