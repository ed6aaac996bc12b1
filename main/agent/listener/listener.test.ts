import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { HubClient } from '../hub/hub-client.ts';
import { createHttp } from '../hub/undici-http.ts';
import type { JobResult } from '../hub/wire.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import { Listener, type RunningJob } from './listener.ts';
import type { SavedSession } from './session-store.ts';

let hub: PracticeHub;
const http = createHttp(systemClock);

beforeEach(async () => {
  hub = await PracticeHub.start({ nextSyncAfter: 20 });
});
afterEach(() => hub.close());

/** An agent whose jobs are steered by the test, on a real hub over real HTTP. */
function startAgent(over: { readonly token?: string; readonly saved?: SavedSession; readonly single?: boolean } = {}) {
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
    registration: {
      name: 'test-agent',
      version: '1',
      pid: 1,
      os: '',
      arch: '',
      hostname: '',
      single_job: over.single ?? false,
      idle_timeout: 0,
      interruption_grace_period: 0,
      job_id: '',
    },
    rules: { disconnectAfterJob: over.single ?? false, staysAlive: false },
    store: {
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
