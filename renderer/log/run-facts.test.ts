import { expect, it } from 'vitest';
import type { OpenedLog } from '../../shared/contract/log.ts';
import { logSize, runFacts, runInFull } from './run-facts.ts';

const NOW = new Date(2026, 2, 12, 13, 30).getTime();
const BEGAN = new Date(2026, 2, 12, 13, 2).getTime();
const about = {
  project: 'web-frontend',
  ref: 'main',
  commit: '4f2c1e9b7d3a5c6e8f0a',
  pipeline: 'Test and build',
  organizationUrl: '',
  executor: 'shell',
} as const;
const LOG: OpenedLog = {
  id: 'j1',
  name: 'Unit tests',
  about,
  startedAt: BEGAN,
  end: { result: 'failed', at: BEGAN + 134_000 },
  lines: 5_000_000,
  bytes: 9_000,
  indexedBytes: 9_000,
  commands: [],
  preview: [],
};
const { end: _end, ...RUNNING } = LOG;
const { about: _about, ...NAMELESS } = LOG;

it.each<[string, OpenedLog, string]>([
  ['one that has ended', LOG, 'web-frontend · main · 4f2c1e9 · 13:02 · 2 min 14 s'],
  ['one that runs', RUNNING, 'web-frontend · main · 4f2c1e9 · 13:02 · 28 min 0 s'],
  ['one of which little is known', NAMELESS, '13:02 · 2 min 14 s'],
  ['one that nobody saw end', { ...NAMELESS, end: { result: 'lost', at: BEGAN } }, '13:02'],
])('tells a run from others: %s', (_name, log, facts) => expect(runFacts(log, NOW)).toBe(facts));

it('has all of it for who wants to know', () => {
  const all = runInFull(LOG, NOW);
  for (const fact of ['Unit tests', 'Test and build', about.commit, '2026', '5,000,000 lines'])
    expect(all).toContain(fact);
});

it('knows no lines of a log that was not read through', () => {
  expect(logSize({ ...LOG, indexedBytes: 10 })).toBe('9 KB');
});
