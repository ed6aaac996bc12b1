import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePermalink, permalink } from '../../../../shared/permalink.ts';
import { FakeClock } from '../../platform/fake-clock.ts';
import { type BegunJob, temporaryFolders } from './job-folders.ts';
import { JobHistory } from './job-history.ts';

let work: string;
let folder: string;
let clock: FakeClock;
let warnings: string[];

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'history-'));
  folder = join(work, 'history');
  clock = new FakeClock();
  warnings = [];
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

const about = {
  project: 'web',
  ref: 'main',
  commit: '',
  pipeline: '',
  organizationUrl: '',
  executor: 'shell',
} as const;

function history(budgetBytes = 1_000_000): JobHistory {
  const log = { warn: (message: string) => void warnings.push(message) };
  return new JobHistory({ folder, budgetBytes, otherwise: temporaryFolders(work), clock, log });
}

function job(name: string): BegunJob {
  return { id: `id-${name}`, name, about, startedAt: clock.now() };
}

/** Runs a job whose log has so many bytes. */
async function ran(of: JobHistory, name: string, bytes = 100): Promise<string> {
  const kept = await of.create(job(name));
  writeFileSync(join(kept.path, 'events.jsonl'), 'x'.repeat(bytes));
  await clock.advance(1_000);
  await kept.end({ result: 'passed', isDelivered: true });
  return kept.path;
}

const names = async (of: JobHistory) => (await of.list()).jobs.map(({ name, result }) => `${name} ${result}`);

it('keeps jobs with their log for its owner alone, the newest first, and knows them after a restart', async () => {
  const before = history();
  const path = await ran(before, 'First');
  await ran(before, 'Second');
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, 'meta.json')).mode & 0o777).toBe(0o600);
  const after = history();
  const { jobs, bytes } = await after.list();
  expect(jobs.map(({ name }) => name)).toEqual(['Second', 'First']);
  expect(jobs[1]).toMatchObject({
    id: 'id-First',
    about,
    result: 'passed',
    endedAt: (jobs[1]?.startedAt ?? 0) + 1_000,
  });
  expect(bytes).toBe(jobs.reduce((sum, one) => sum + one.bytes, 0));
  expect((await after.find('id-First'))?.stored).toMatchObject({ folder: path, about });
  expect((await after.find(jobs[0]?.key ?? ''))?.meta.name).toBe('Second');
  expect(await after.find('..')).toBeUndefined();
});

it('shows the running job as running, and as lost when its agent has gone', async () => {
  const before = history();
  await before.create(job('Doomed'));
  expect(await names(before)).toEqual(['Doomed running']);
  expect(await names(history())).toEqual(['Doomed lost']);
});

it('keeps to its budget: the oldest go, and the newest never', async () => {
  const of = history(2_900);
  for (const name of ['A', 'B', 'C']) await ran(of, name, 1_000);
  expect(await names(of)).toEqual(['C passed', 'B passed']);
  await ran(of, 'Large', 9_000);
  expect(await names(of)).toEqual(['Large passed']);
});

it('keeps nothing with a budget of nothing', async () => {
  const of = history(0);
  const path = await ran(of, 'Gone');
  expect(await names(of)).toEqual([]);
  expect(path.startsWith(folder)).toBe(false);
  expect(readdirSync(work)).toEqual([]);
});

it('has back what was deleted, for a minute', async () => {
  const of = history();
  await ran(of, 'A');
  await ran(of, 'B');
  const keys = (await of.list()).jobs.map(({ key }) => key);
  expect((await of.delete(keys)).jobs).toEqual([]);
  expect((await of.restore(keys.slice(0, 1))).jobs.map(({ name }) => name)).toEqual(['B']);
  await clock.advance(60_000);
  await expect.poll(() => readdirSync(folder)).toEqual(keys.slice(0, 1));
  expect((await of.restore(keys)).jobs.map(({ name }) => name)).toEqual(['B']);
});

it('gives what is deleted once more a minute of its own', async () => {
  const of = history();
  await ran(of, 'A');
  const keys = (await of.list()).jobs.map(({ key }) => key);
  await of.delete(keys);
  await clock.advance(50_000);
  await of.restore(keys);
  await of.delete(keys);
  await clock.advance(50_000);
  expect((await of.restore(keys)).jobs.map(({ name }) => name)).toEqual(['A']);
  await clock.advance(60_000);
  expect(readdirSync(folder)).toEqual(keys);
});

it('forgets what an earlier agent was about to forget, and deletes nothing that runs or lies elsewhere', async () => {
  const before = history();
  await ran(before, 'A');
  const [{ key = '' } = {}] = (await before.list()).jobs;
  await before.delete([key]);
  const after = history();
  expect((await after.list()).jobs).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  await after.create(job('Running'));
  const [running] = (await after.list()).jobs;
  mkdirSync(join(work, 'precious'));
  await after.delete([running?.key ?? '', '../precious', '.', '']);
  expect(await names(after)).toEqual(['Running running']);
  expect(readdirSync(work).sort()).toEqual(['history', 'precious']);
});

it('makes up from the log what is broken or missing beside it', async () => {
  const of = history();
  const [cut, gone, empty] = [await ran(of, 'Cut'), await ran(of, 'Gone'), await ran(of, 'Empty')];
  const line = (event: object) => `${JSON.stringify(event)}\n`;
  for (const path of [cut, gone]) {
    writeFileSync(join(path, 'events.jsonl'), line({ event: 'job_started', timestamp: 1_600_000_000 }));
    appendFileSync(
      join(path, 'events.jsonl'),
      line({ event: 'cmd_output', timestamp: 1_600_000_001, output: 'x'.repeat(9_000) }),
    );
  }
  appendFileSync(
    join(cut, 'events.jsonl'),
    line({ event: 'job_finished', timestamp: 1_600_000_009, result: 'failed' }),
  );
  truncateSync(join(cut, 'meta.json'), 10);
  rmSync(join(gone, 'meta.json'));
  rmSync(empty, { recursive: true });
  mkdirSync(empty);
  writeFileSync(join(folder, 'a file of somebody else'), '');
  const after = history();
  const { jobs } = await after.list();
  expect(jobs.map(({ startedAt, endedAt, result }) => ({ startedAt, endedAt, result }))).toEqual([
    { startedAt: 1_600_000_000_000, endedAt: undefined, result: 'lost' },
    { startedAt: 1_600_000_000_000, endedAt: 1_600_000_009_000, result: 'failed' },
  ]);
  // A link to a line of its log leads to it by the id that it has now.
  for (const { id, key } of jobs) {
    const link = parsePermalink(permalink({ job: id, line: 0 }));
    expect((await after.find(link?.job ?? ''))?.key).toBe(key);
    expect((await after.find(id))?.stored.id).toBe(id);
  }
});

it('lets a job run whose history cannot be written, and says so', async () => {
  writeFileSync(folder, 'not a folder');
  const of = history();
  const kept = await of.create(job('Unkept'));
  expect(statSync(kept.path).isDirectory()).toBe(true);
  await kept.end({ result: 'passed', isDelivered: true });
  expect(await names(of)).toEqual([]);
  expect(warnings).toEqual([`Job id-Unkept is not kept in the history: ${folder} cannot be written (EEXIST)`]);
});
