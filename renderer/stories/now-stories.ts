import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import type { Settings } from '../../shared/contract/settings.ts';
import { useSettings } from '../settings/settings-store.ts';
import {
  RUNNING_TAIL,
  TAIL_OF_FAILURE,
  TAIL_OF_LONG_NAMES,
  TAIL_OF_MANY_COMMANDS,
  TAIL_OF_REFUSAL,
} from './example-tails.ts';
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
/** The last answer came before the first try that failed. */
const OFFLINE_SYNC = { lastAt: NOW - 1 * MINUTE - 5_000, nextAt: NOW + 20_000 };
const WRONG_NAME =
  'name (from the variable SEMAPHORE_AGENT_NAME) is not one that the hub takes; allowed are 8 to 80 of the characters a-z A-Z 0-9 - _ / +, or a URL';
const WRONG_SETTINGS: Settings = {
  version: 1,
  settings: [
    {
      name: 'name',
      isSet: true,
      origin: { source: 'variable', where: 'the variable SEMAPHORE_AGENT_NAME' },
      locked: true,
      problem: WRONG_NAME,
    },
  ],
  problem: WRONG_NAME,
  appliesAfterJob: false,
  secretStore: 'system',
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
  'now-running-many-commands': {
    snapshot: snapshot({
      state: 'running',
      job: { ...JOB, command: { directive: 'make test', number: 14, of: 426 } },
    }),
    tail: TAIL_OF_MANY_COMMANDS,
    requests,
  },
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
  'now-stopping': { snapshot: snapshot({ state: 'stopping', job: JOB, forcesAt: NOW + 8_000 }), ...running },
  'now-pausing': { snapshot: snapshot({ state: 'pausing', job: JOB }, { pause: { by: 'you' } }), ...running },
  'now-settings-after-job': {
    snapshot: snapshot({ state: 'pausing', job: JOB, disconnects: true }, { afterJob: 'reconnect' }),
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
    snapshot: snapshot(
      {
        state: 'offline',
        since: NOW - 1 * MINUTE,
        problem: 'no answer from acme.semaphoreci.com: timed out',
        job: JOB,
      },
      { sync: OFFLINE_SYNC },
    ),
    ...running,
  },
  'now-refused': {
    snapshot: away(
      snapshot({
        state: 'needs-attention',
        cause: 'token-refused',
        problem: 'the hub refused /register with 401: “Unauthorized”',
      }),
    ),
  },
  'now-refused-agent': {
    snapshot: away(
      snapshot({
        state: 'needs-attention',
        cause: 'refused',
        problem: 'the hub refused /register with 422: “Agent name has already been taken”',
      }),
    ),
    requests: historyAnswers(JOBS),
  },
  'now-wrong-setting': {
    snapshot: away(
      snapshot({
        state: 'needs-attention',
        cause: 'settings',
        problem: WRONG_NAME,
      }),
    ),
    prepare: () => useSettings.setState({ settings: WRONG_SETTINGS }),
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
  'now-quitting': {
    snapshot: snapshot({ state: 'pausing', job: JOB, disconnects: true }, { afterJob: 'quit' }),
    ...running,
  },
  'now-offline-without-job': {
    snapshot: snapshot(
      { state: 'offline', since: NOW - 1 * MINUTE, problem: 'no route to acme.semaphoreci.com' },
      { sync: OFFLINE_SYNC },
    ),
  },
  'now-let-go': { snapshot: away(snapshot({ state: 'stopped', reason: 'IDLE' }, { lastJob: LAST_JOB })) },
  'now-crashing': {
    snapshot: away(
      snapshot({
        state: 'needs-attention',
        cause: 'crashed',
        problem: 'It crashed four times in ten minutes and stays down until you try again · the agent log says why',
      }),
    ),
  },
  'now-disconnected': { snapshot: away(snapshot({ state: 'stopped', reason: '' })) },
  'now-after-a-crash': {
    snapshot: snapshot(IDLE, {
      notice: { text: 'The agent crashed and was started again; “Unit tests” is reported as failed', at: NOW },
    }),
    requests: { ...requests, ...historyAnswers(JOBS) },
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
