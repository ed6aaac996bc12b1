import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMirror } from './mirror.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirror-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a mirror', () => {
  it('adds to a file, which is its owner’s alone', async () => {
    const path = join(folder, 'log');
    for (const text of ['one\n', 'two\n']) await createMirror(path)?.(text);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['nowhere/log', 'ENOENT'],
    ['loop', 'ELOOP'],
    ['.', 'EISDIR'],
  ])('that cannot be written says so once, and holds nobody up: %s', async (name, code) => {
    symlinkSync('loop', join(folder, 'loop'));
    const problems: string[] = [];
    const write = createMirror(join(folder, name), (problem) => problems.push(problem));
    for (const text of ['one\n', 'two\n', 'three\n']) await write?.(text);
    expect(problems).toEqual([code]);
  });

  it.skipIf(process.platform === 'win32')('on a named pipe keeps no thread waiting for a reader', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => join(folder, name));
    execFileSync('mkfifo', names);
    // As many threads as there are would wait for readers; then no file could be read any more.
    const mirrors = names.map((name) => createMirror(name));
    for (const write of mirrors) await write?.('before\n');
    expect(await readFile('/dev/null', 'utf8')).toBe('');
    const reader = spawn('head', ['-n', '2', names[0] ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] });
    await mirrors[0]?.('behind\n');
    const chunks: Buffer[] = [];
    for await (const chunk of reader.stdout) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('before\nbehind\n');
  });
});
