import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lookAtHook } from './hook-file.ts';
import { HookUses } from './hook-uses.ts';

let folder: string;
let pre: string;
let post: string;
let values: Map<string, string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hook-uses-'));
  pre = join(folder, 'pre.sh');
  post = join(folder, 'post.sh');
  for (const path of [pre, post]) writeFileSync(path, 'echo first\n');
  values = new Map([
    ['pre-job-hook-path', pre],
    ['post-job-hook-path', post],
    ['shutdown-hook-path', ''],
  ]);
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'uses.json');
const open = () => new HookUses({ file: file(), inForce: async () => values });

it('knows nothing before the first job', async () => {
  expect(await open().sinceLastJob('pre-job-hook-path', pre)).toBe('unknown');
});

it('sees that a hook has changed since a job ran it, over a restart too', async () => {
  const uses = open();
  uses.showJob('one');
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('same');
  expect(await uses.sinceLastJob('post-job-hook-path', post)).toBe('unknown');
  writeFileSync(pre, 'echo second\n');
  writeFileSync(post, 'echo second\n');
  uses.showJob(undefined);
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('changed');
  expect(await uses.sinceLastJob('post-job-hook-path', post)).toBe('same');
  expect(await open().sinceLastJob('pre-job-hook-path', pre)).toBe('changed');
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readFileSync(file(), 'utf8')).not.toContain('echo');
});

it('goes by what is in it, not by its time', async () => {
  const uses = open();
  uses.showJob('one');
  await uses.sinceLastJob('pre-job-hook-path', pre);
  utimesSync(pre, 1, 1);
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('same');
  rmSync(pre);
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('changed');
});

it('knows nothing of another file, nor of one that was not there', async () => {
  rmSync(pre);
  const uses = open();
  uses.showJob('one');
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('unknown');
  writeFileSync(pre, 'echo new\n');
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('unknown');
  expect(await uses.sinceLastJob('pre-job-hook-path', post)).toBe('unknown');
  uses.showJob('two');
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('same');
});

it('begins anew where what it kept is broken', async () => {
  writeFileSync(file(), '{"version": 1, "uses": {"no-hook": 3}}');
  const uses = open();
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('unknown');
  uses.showJob('one');
  expect(await uses.sinceLastJob('pre-job-hook-path', pre)).toBe('same');
});

it.each([
  ['', 'none'],
  ['nowhere/hook.sh', 'missing'],
  ['', 'no-file'],
  ['pre.sh', 'not-executable'],
  ['post.sh', 'fine'],
] as const)('looks at a file: %s is %s', async (name, state) => {
  chmodSync(post, 0o707);
  const path = state === 'none' ? '' : join(folder, name);
  const seen = await lookAtHook(path);
  expect([seen.path, seen.state]).toEqual([path, state]);
  expect(seen.writableByOthers).toBe(name === 'post.sh');
});
