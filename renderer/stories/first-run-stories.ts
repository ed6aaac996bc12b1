import type { ConnectionTest, FirstRun } from '../../shared/contract/first-run.ts';
import { useFirstRun } from '../first-run/first-run-store.ts';
import { type Story, snapshot } from './story.ts';

const KNOWN: FirstRun = {
  needed: true,
  endpoint: '',
  hasToken: false,
  noHttps: false,
  suggestedName: 'lap-42-signalbox',
  secretStore: 'system',
};
const TAKEN: ConnectionTest = {
  ok: true,
  problem: '',
  queue: { jobsQueued: 3, jobsRunning: 1, agentsIdle: 0, agentsOccupied: 1 },
};
const TYPED = { endpoint: 'acme.semaphoreci.com', token: 'a-token' };

const { sync: _none, ...UNCONNECTED } = snapshot({ state: 'not-configured' }, { agentName: '', endpoint: '' });

function at(answers: Partial<ReturnType<typeof useFirstRun.getState>>, known = KNOWN): Story {
  return {
    snapshot: UNCONNECTED,
    prepare: () => useFirstRun.setState(answers),
    requests: {
      firstRun: async () => known,
      parseSnippet: async () => ({ endpoint: 'acme.semaphoreci.com', hasToken: true, noHttps: false }),
      testConnection: async () => TAKEN,
      finishFirstRun: async () => ({ outcome: 'cancelled', problems: [] }),
    },
  };
}

/** The four questions, and what a hub may say. */
export const FIRST_RUN_STORIES: Readonly<Record<string, Story>> = {
  'first-run-connect': at({}),
  'first-run-with-notice': {
    ...at({}),
    snapshot: {
      ...UNCONNECTED,
      notice: { text: 'The settings were broken and are set aside as settings.json.broken: defaults are used', at: 0 },
    },
    hasTray: false,
  },
  'first-run-snippet-pasted': at({ endpoint: TYPED.endpoint }, { ...KNOWN, hasToken: true, secretStore: 'none' }),
  'first-run-testing': at({ ...TYPED, test: 'running' }),
  'first-run-refused': at({
    ...TYPED,
    test: { ok: false, problem: '' },
    problem:
      'Semaphore does not know this token. Copy the registration token of your agent type again, or reset it there: Settings → Self-hosted agents.',
    problemAt: 'token',
    problemDetail: 'the hub refused /metrics with 401: “Unauthorized”',
  }),
  'first-run-no-answer': at({
    ...TYPED,
    endpoint: 'acme.semaphore.com',
    test: { ok: false, problem: '' },
    problem: 'No answer from acme.semaphore.com. Check the address, and this computer’s network.',
    problemAt: 'endpoint',
    problemDetail: 'no answer from acme.semaphore.com: host not found',
  }),
  'first-run-overloaded': at({
    ...TYPED,
    test: { ok: false, problem: '' },
    problem: 'The hub at acme.semaphoreci.com cannot answer at the moment. Try again in a minute.',
    problemDetail:
      'the hub refused /metrics with 503: “<html><head><title>503 Service Temporarily Unavailable</title></head>”',
  }),
  'first-run-practice': at({ startsPractice: true }),
  'first-run-name': at({ ...TYPED, step: 'name' }),
  'first-run-jobs': at({ ...TYPED, step: 'jobs', jobs: 'shell-too' }),
  'first-run-start': at({ ...TYPED, step: 'start', jobs: 'containers-only' }),
};
