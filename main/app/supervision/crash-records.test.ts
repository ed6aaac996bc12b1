import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RecentLines } from '../../control/recent-lines.ts';
import { CrashRecords } from './crash-records.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'crashes-'));
});
afterEach(() => rmSync(work, { recursive: true }));

function recordsIn(folder: string) {
  const lines = new RecentLines();
  const problems: string[] = [];
  let minute = 0;
  const records = new CrashRecords({
    folder,
    version: '1.2.3',
    lines,
    redact: (line) => line.replaceAll('marked', '[hidden]'),
    now: () => new Date(Date.UTC(2026, 0, 1, 0, minute++)),
    onProblem: (problem) => problems.push(problem),
  });
  return { lines, records, problems };
}

it('keeps process, reason and last lines, redacted, for its user alone', () => {
  const folder = join(work, 'crashes');
  const { lines, records } = recordsIn(folder);
  for (let n = 0; n < 60; n += 1) lines.add(`line ${n} marked`);
  records.keep('agent', 'killed (9)');
  const [name = ''] = readdirSync(folder);
  const record = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly lastLines: string[] };
  expect(record).toMatchObject({ at: '2026-01-01T00:00:00.000Z', process: 'agent', reason: 'killed (9)' });
  expect(record.lastLines).toHaveLength(50);
  expect(record.lastLines.at(-1)).toBe('line 59 [hidden]');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

it('keeps the last ten', () => {
  const { records } = recordsIn(work);
  for (let n = 0; n < 12; n += 1) records.keep('window', 'crashed');
  expect(readdirSync(work)).toHaveLength(10);
  expect(readdirSync(work).sort()[0]).toContain('00-02-00');
});

it('tells in a line where it cannot be kept', () => {
  writeFileSync(join(work, 'file'), '');
  const { records, problems } = recordsIn(join(work, 'file', 'crashes'));
  records.keep('agent', 'killed');
  expect(problems).toEqual(['The record of a crash cannot be kept (ENOTDIR)']);
});
