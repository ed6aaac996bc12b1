import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { RUNNING_TAIL, TAIL_OF_FAILURE, TAIL_OF_LONG_NAMES, TAIL_OF_REFUSAL } from './example-tails.ts';
import { historyAnswers, JOBS } from './history-stories.ts';
import { IDLE, JOB, MINUTE, NOW, type Story, snapshot } from './story.ts';

const LAST_JOB: AgentSnapshot['lastJob'] = {
  id: JOB.id,
  name: JOB.name,
  startedAt: NOW - 12 * MINUTE,
  endedAt: NOW - 9 * MINUTE,
  result: 'failed',
  about: JOB.about,
};

const requests: Story['requests'] = {
  queue: async () => ({ jobsQueued: 3, jobsRunning: 2, agentsIdle: 1, agentsOccupied: 2 }),
};
const running = { tail: RUNNING_TAIL, requests };

/** Everything that an agent can be doing, in the view that shows it. */
export const NOW_STORIES: Readonly<Record<string, Story>> = {
  'now-idle': { snapshot: snapshot(IDLE), requests },
  'now-idle-after-a-restart': { snapshot: snapshot(IDLE), requests: { ...requests, ...historyAnswers(JOBS) } },
  'now-idle-after-a-job': { snapshot: snapshot(IDLE, { lastJob: LAST_JOB }), tail: TAIL_OF_FAILURE, requests },
  'now-refused-job': {
    snapshot: snapshot(IDLE, { lastJob: LAST_JOB && { ...LAST_JOB, refusedBy: 'shell-jobs' } }),
    tail: TAIL_OF_REFUSAL,
    requests,
  },
  'now-running': { snapshot: snapshot({ state: 'running', job: JOB }), ...running },
  'now-running-strange-job': {
    snapshot: snapshot(
      {
        state: 'running',
        job: {
          ...JOB,
          name: 'End-to-end tests of the checkout with every payment provider that we have ever heard of, in all regions',
          about: JOB.about && { ...JOB.about, organizationUrl: 'https://acme.example.com', executor: 'containers' },
          command: { directive: 'docker compose --profile everything up --abort-on-container-exit', number: 3, of: 3 },
        },
      },
      { agentName: 'a-name-of-an-agent-that-is-as-long-as-the-hub-allows-it-to-be-which-is-80-letters' },
    ),
    tail: TAIL_OF_LONG_NAMES,
    requests,
  },
  'now-stopping': { snapshot: snapshot({ state: 'stopping', job: JOB }), ...running },
  'now-pausing': { snapshot: snapshot({ state: 'pausing', job: JOB }, { pause: { by: 'you' } }), ...running },
  'now-settings-after-job': {
    snapshot: snapshot({ state: 'pausing', job: JOB }, { afterJob: 'reconnect' }),
    ...running,
  },
  'now-paused': {
    snapshot: away(
      snapshot({ state: 'paused' }, { pause: { by: 'you', until: NOW + 30 * MINUTE }, lastJob: LAST_JOB }),
    ),
    tail: TAIL_OF_FAILURE,
  },
  'now-paused-on-battery': { snapshot: away(snapshot({ state: 'paused' }, { pause: { by: 'battery' } })) },
  'now-connecting': {
    snapshot: away(
      snapshot({
        state: 'connecting',
        attempt: 2,
        problem: 'no answer from acme.semaphoreci.com: the name is not known (ENOTFOUND)',
        nextTryAt: NOW + 4_000,
      }),
    ),
  },
  'now-offline': {
    snapshot: snapshot({
      state: 'offline',
      since: NOW - 4 * MINUTE,
      problem: 'no answer from acme.semaphoreci.com: timed out',
      job: JOB,
    }),
    ...running,
  },
  'now-refused': {
    snapshot: away(
      snapshot({
        state: 'needs-attention',
        cause: 'refused',
        problem: 'the hub refused /register with 401: “Unauthorized”. Check the token in Settings → Connection',
      }),
    ),
  },
  'now-wrong-setting': {
    snapshot: away(
      snapshot({
        state: 'needs-attention',
        cause: 'settings',
        problem: 'name: allowed is 8 to 80 characters; it comes from SEMAPHORE_AGENT_NAME',
      }),
    ),
  },
  'now-without-engine': {
    snapshot: snapshot(
      {
        state: 'idle',
        lastSyncAt: NOW - 3_000,
        lacks: 'no container engine answers at /var/run/docker.sock: start Docker, or set DOCKER_HOST',
      },
      { lastJob: LAST_JOB },
    ),
    tail: TAIL_OF_FAILURE,
    requests,
  },
  'now-quitting': { snapshot: snapshot({ state: 'pausing', job: JOB }, { afterJob: 'quit' }), ...running },
  'now-offline-without-job': {
    snapshot: snapshot({ state: 'offline', since: NOW - 4 * MINUTE, problem: 'no route to acme.semaphoreci.com' }),
  },
  'now-let-go': { snapshot: away(snapshot({ state: 'stopped', reason: 'IDLE' }, { lastJob: LAST_JOB })) },
  'now-crashing': {
    snapshot: away(
      snapshot({ state: 'needs-attention', cause: 'crashed', problem: 'It crashed four times in ten minutes' }),
    ),
  },
  'now-disconnected': { snapshot: away(snapshot({ state: 'stopped', reason: '' })) },
  'now-after-a-crash': {
    snapshot: snapshot(IDLE, {
      notice: { text: 'The agent crashed and was started again; “Unit tests” is reported as failed', at: NOW },
    }),
    requests,
  },
  'now-without-tray': { snapshot: snapshot(IDLE), hasTray: false, requests },
  'now-practice': {
    snapshot: snapshot({ state: 'running', job: JOB }, { practice: true, endpoint: '127.0.0.1:41234' }),
    ...running,
  },
};

/** The same without a connection. */
function away({ sync: _none, ...rest }: AgentSnapshot): AgentSnapshot {
  return rest;
}
