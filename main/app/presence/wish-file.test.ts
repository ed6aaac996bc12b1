import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wish } from './presence-state.ts';
import { readWish, writeWish } from './wish-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wish-'));
  path = join(folder, 'presence.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what its owner wished last', () => {
  it.each<Wish>([
    { kind: 'connected' },
    { kind: 'disconnected' },
    { kind: 'paused', pause: { by: 'you' } },
    { kind: 'paused', pause: { by: 'you', until: 1_800 } },
    { kind: 'paused', pause: { by: 'you', whileOnBattery: true } },
  ])('is kept for its owner alone: %j', (wish) => {
    writeWish(path, wish);
    expect(readWish(path)).toEqual({ wish, problem: '' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is to be connected where they never wished anything', () => {
    expect(readWish(path)).toEqual({ wish: { kind: 'connected' }, problem: '' });
  });

  it.each([
    ['cut off', '{"version":1,"wish":{"kind":"pau'],
    ['empty', ''],
    ['of a newer version', '{"version":2,"wish":{"kind":"connected"}}'],
    ['about something unknown', '{"version":1,"wish":{"kind":"asleep"}}'],
    ['with a pause whose end is no time', '{"version":1,"wish":{"kind":"paused","pause":{"by":"you","until":"soon"}}}'],
    ['no object', 'null'],
  ])('may have been a pause where the file is %s: it is one, and the file stays', (_how, text) => {
    writeFileSync(path, text);
    expect(readWish(path)).toEqual({
      wish: { kind: 'paused', pause: { by: 'you' } },
      problem: `Whether you had paused could not be read from ${path}: paused until you resume`,
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('may have been a pause where the file cannot be read', () => {
    mkdirSync(path);
    const { wish, problem } = readWish(path);
    expect(wish.kind).toBe('paused');
    expect(problem).toContain('(EISDIR)');
  });
});
