import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { systemProcesses } from '../../platform/system-processes.ts';
import { EngineClaims, OWNER_LABEL } from './engine-claims.ts';

const claims = new EngineClaims(systemProcesses, 'desk');

it('names agent and job on what it claims', () => {
  expect(claims.claim('one', 'job-1')).toMatchObject({ 'io.signalbox.agent': 'desk', 'io.signalbox.job': 'job-1' });
});

it('holds on to what a living job has, and lets go of what one has left', () => {
  const labels = claims.claim('two', 'job-2');
  expect(claims.isAbandoned(labels)).toBe(false);
  expect(new EngineClaims(systemProcesses, 'other').isAbandoned(labels)).toBe(true);
  claims.release('two');
  expect(claims.isAbandoned(labels)).toBe(true);
});

it.each([
  ['a living agent', `${hostname()} ${process.ppid} ${systemProcesses.identify(process.ppid)?.startedAt}`, false],
  ['an agent that is gone', `${hostname()} 4194304 1`, true],
  ['a process that has the id of one that is gone', `${hostname()} ${process.ppid} long ago`, true],
  ['an agent of another machine', 'elsewhere.example.com 4194304 1', false],
  ['nobody', '', false],
])('what belongs to %s', (_whose, owner, abandoned) => {
  expect(claims.isAbandoned({ [OWNER_LABEL]: owner })).toBe(abandoned);
});
