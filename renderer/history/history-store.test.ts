import { expect, it } from 'vitest';
import type { PastJob } from '../../shared/contract/history.ts';
import { filtered, neighbourOf, spaceTaken } from './history-store.ts';

function job(name: string, result: PastJob['result'], project: string): PastJob {
  const about = {
    project,
    ref: 'main',
    commit: '4f2c1e9',
    pipeline: '',
    organizationUrl: '',
    executor: 'shell',
  } as const;
  return { key: name, id: `id-${name}`, name, about, startedAt: 1, endedAt: 2, result, bytes: 3 };
}
const JOBS = [job('Unit tests', 'passed', 'web'), job('Lint', 'failed', 'web'), job('Unit tests', 'failed', 'tools')];

it.each([
  ['all', '', [0, 1, 2]],
  ['failed', '', [1, 2]],
  ['all', 'UNIT', [0, 2]],
  ['all', 'unit web', [0]],
  ['failed', 'unit', [2]],
  ['all', '4f2c', [0, 1, 2]],
  ['all', '  ', [0, 1, 2]],
  ['stopped', '', []],
] as const)('result %s, text %j', (result, text, shown) => {
  expect(filtered(JOBS, { result, text })).toEqual(shown.map((n) => JOBS[n]));
});

it.each([
  [[0], 1],
  [[1], 2],
  [[2], 1],
  [[0, 1], 2],
  [[1, 2], 0],
  [[0, 2], 1],
])('the neighbour of %j is %i', (gone, neighbour) => {
  const [first, second, third] = JOBS.map((one, n) => ({ ...one, key: `${n}` }));
  if (!first || !second || !third) throw new Error('there are three jobs');
  const jobs = [first, second, third];
  expect(
    neighbourOf(
      jobs,
      gone.map((n) => jobs[n] ?? first),
    ),
  ).toBe(`${neighbour}`);
  expect(neighbourOf(jobs, jobs)).toBe('');
});

it('says so where past jobs take more than is theirs', () => {
  expect(spaceTaken({ jobs: [], bytes: 2e9, budgetBytes: 2e9 })).toBe('2.0 GB of 2.0 GB');
  expect(spaceTaken({ jobs: [], bytes: 5e9, budgetBytes: 2e9 })).toBe(
    '5.0 GB of 2.0 GB, over the limit: the oldest go next',
  );
});
