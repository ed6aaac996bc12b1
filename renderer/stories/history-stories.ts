import type { History, PastJob } from '../../shared/contract/history.ts';
import { useHistory } from '../history/history-store.ts';
import { IDLE, JOB, MINUTE, NOW, type Story, snapshot } from './story.ts';

const DAY = 24 * 60 * MINUTE;

const NAMES = [
  'Unit tests',
  'Lint',
  'End-to-end tests of the checkout with every payment provider',
  'Build image',
  'Release',
];
const RESULTS: readonly PastJob['result'][] = ['passed', 'passed', 'failed', 'passed', 'stopped', 'passed', 'lost'];

/** A week of jobs, and some before it. */
export const JOBS = Array.from({ length: 60 }, (_, n) => pastJob(n, NOW - n * n * 3 * MINUTE - 20 * MINUTE));
/** As many as are kept at most. */
const THOUSAND = Array.from({ length: 1_000 }, (_, n) => pastJob(n, NOW - n * 31 * MINUTE - 20 * MINUTE));

function pastJob(n: number, startedAt: number): PastJob {
  const result = RESULTS[n % RESULTS.length] ?? 'passed';
  return {
    key: `job-${n}`,
    id: `${n}`,
    name: NAMES[n % NAMES.length] ?? '',
    about: JOB.about && {
      ...JOB.about,
      project: n % 3 === 0 ? 'tools' : 'web-frontend',
      ref: n % 4 === 0 ? '#1204' : 'main',
      executor: n % 5 === 3 ? 'containers' : 'shell',
    },
    startedAt,
    ...(result === 'lost' ? {} : { endedAt: startedAt + ((n * 37) % 900) * 1_000 + 4_000 }),
    result,
    bytes: ((n * n * 7_919) % 311) ** 2 * 190 + 300,
  };
}

/** What a main process with these past jobs answers. */
export function historyAnswers(jobs: readonly PastJob[]): NonNullable<Story['requests']> {
  let kept = [...jobs];
  let deleted: readonly PastJob[] = [];
  const history = (): History => ({
    jobs: kept,
    bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
    budgetBytes: 2e9,
  });
  return {
    history: async () => history(),
    deletePastJobs: async ({ keys }) => {
      deleted = kept.filter(({ key }) => keys.includes(key));
      kept = kept.filter(({ key }) => !keys.includes(key));
      return history();
    },
    restorePastJobs: async () => {
      kept = [...kept, ...deleted].sort((a, b) => b.startedAt - a.startedAt);
      return history();
    },
  };
}

const base = { view: 'history', snapshot: snapshot(IDLE) } as const;

/** The history with much, with nothing, and without an agent. */
export const HISTORY_STORIES: Readonly<Record<string, Story>> = {
  'history-full': { ...base, requests: historyAnswers(JOBS) },
  'history-thousand': { ...base, requests: historyAnswers(THOUSAND) },
  'history-selected': {
    ...base,
    requests: historyAnswers(JOBS),
    prepare: () =>
      useHistory.setState({
        selection: { keys: new Set(['job-1', 'job-2', 'job-3']), anchor: 'job-1' },
        deleted: JOBS.slice(0, 1),
      }),
  },
  'history-with-running-job': {
    ...base,
    snapshot: snapshot({ state: 'running', job: JOB }),
    requests: historyAnswers([
      {
        key: 'now',
        id: JOB.id,
        name: JOB.name,
        about: JOB.about,
        startedAt: JOB.startedAt,
        result: 'running',
        bytes: 41_000,
      },
      { key: 'old', id: '1', name: 'A job whose name is lost', startedAt: NOW - 400 * DAY, result: 'lost', bytes: 12 },
    ]),
  },
  'history-no-match': {
    ...base,
    requests: historyAnswers(JOBS),
    prepare: () => useHistory.setState({ filter: { result: 'failed', text: 'deploy' } }),
  },
  'history-problem': {
    ...base,
    requests: historyAnswers(JOBS),
    prepare: () => useHistory.setState({ problem: 'The log was not saved: /media/stick is full' }),
  },
  'history-reading': { ...base, requests: { history: () => new Promise(() => undefined) } },
  'history-empty': { ...base, requests: historyAnswers([]) },
  'history-without-agent': {
    ...base,
    snapshot: snapshot({ state: 'needs-attention', cause: 'crashed', problem: 'It crashed four times in ten minutes' }),
    requests: { history: async () => null },
  },
};
