import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookOutput, HookRun } from '../../../shared/contract/hooks.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { HookOutputPieces } from './hook-output-pieces.ts';
import { testHook } from './test-hook.ts';

let folder: string;
let pieces: HookOutput[];
let stop: AbortController;
let onPiece: () => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  pieces = [];
  stop = new AbortController();
  onPiece = () => undefined;
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = () => pieces.map((piece) => piece.text).join('');

function run(script: string, { clock = systemClock as Clock, isSourced = false } = {}): Promise<HookRun> {
  const path = join(folder, 'a hook.sh');
  writeFileSync(path, script);
  const onOutput = (piece: HookOutput) => {
    pieces.push(piece);
    onPiece();
  };
  const env = { PATH: process.env.PATH ?? '' };
  return testHook({ path, isSourced, env, clock, signal: stop.signal, onOutput });
}

/** Resolves when the hook has written so much. */
const written = (wanted: string) =>
  new Promise<void>((resolve) => {
    onPiece = () => text().includes(wanted) && resolve();
  });
/** Says so when it has begun, and waits for a go that does not come by itself. */
const waiting = () =>
  `mkfifo '${folder}/go'; trap 'echo bye; exit 3' TERM; echo begun; read -r <>'${folder}/go'; echo on\n`;

describe('testHook', () => {
  it('tells what a hook writes while it runs, and then how it ended', async () => {
    const running = run(waiting());
    await written('begun\n');
    writeFileSync(join(folder, 'go'), 'go\n');
    expect(await running).toMatchObject({ outcome: 'ended', exitCode: 0, problem: '' });
    expect(text()).toBe('begun\non\n');
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('has what is written as errors in its place', async () => {
    const { outcome, exitCode } = await run('echo one; echo two >&2; printf "three €"; exit 4');
    expect([outcome, exitCode, text()]).toEqual(['ended', 4, 'one\ntwo\nthree €']);
  });

  it('sources what is sourced', async () => {
    expect(await run('return 5', { isSourced: true })).toMatchObject({ outcome: 'ended', exitCode: 5 });
  });

  it('ends it when its owner wants that, and has its last words', async () => {
    const running = run(waiting());
    await written('begun\n');
    stop.abort();
    expect(await running).toMatchObject({ outcome: 'stopped', problem: '' });
    expect(text()).toBe('begun\nbye\n');
  });

  it('ends it at once where that was wanted before it began', async () => {
    stop.abort();
    expect(await run(waiting())).toMatchObject({ outcome: 'stopped' });
  });

  it('ends it after a minute', async () => {
    const clock = new FakeClock();
    const running = run(waiting(), { clock });
    await clock.advance(60_000);
    expect(await running).toMatchObject({ outcome: 'timed-out' });
  });

  it('passes over what comes too fast, and has the end of it', async () => {
    expect(await run('seq 1 300000')).toMatchObject({ outcome: 'ended', exitCode: 0 });
    expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThanOrEqual(32 * 1024);
    const told = pieces.reduce((sum, piece) => sum + piece.text.length + piece.skipped, 0);
    expect(told).toBe(1_988_895);
    expect(text()).toMatch(/\n300000\n$/);
  });
});

describe('pieces of output', () => {
  it('come at intervals, whole, and keep the end of what is too much', async () => {
    const clock = new FakeClock();
    const given: HookOutput[] = [];
    const output = new HookOutputPieces(clock, (piece) => given.push(piece));
    const euro = Buffer.from('€');
    output.add(Buffer.from('a'));
    output.add(euro.subarray(0, 1));
    await clock.advance(50);
    output.add(euro.subarray(1));
    output.add(Buffer.alloc(40_000, 'x'));
    expect(given).toEqual([{ text: 'a', skipped: 0 }]);
    await clock.advance(50);
    expect(given[1]).toEqual({ text: 'x'.repeat(32 * 1024), skipped: 40_001 - 32 * 1024 });
    output.end();
    await clock.advance(1_000);
    expect(given).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });
});
