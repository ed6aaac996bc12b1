import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { runShutdownHook } from './shutdown-hook.ts';

let folder: string;
let path: string;
let lines: string[];
let stop: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  path = join(folder, 'hook.sh');
  lines = [];
  stop = new AbortController();
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(script: string, clock = systemClock): Promise<void> {
  writeFileSync(path, script);
  const log = { info: (text: string) => lines.push(text), error: (text: string) => lines.push(`! ${text}`) };
  const env = { PATH: process.env.PATH ?? '' };
  return runShutdownHook({ values: { 'shutdown-hook-path': path }, env, clock, log, signal: stop.signal }, 'IDLE');
}
/** A hook that says so before it goes on for ever. */
const endless = () =>
  `mkfifo ${folder}/never; trap 'echo bye; exit 3' TERM; echo up; : >${folder}/up; read -r <>${folder}/never\n`;

describe('runShutdownHook', () => {
  it('gives it the reason, and logs what it says and how it failed', async () => {
    await run('echo "$SEMAPHORE_AGENT_SHUTDOWN_REASON"; echo problem >&2; exit 4');
    expect(lines).toEqual([
      `Running the shutdown hook ${path}`,
      'Shutdown hook: IDLE',
      'Shutdown hook: problem',
      `! The shutdown hook ${path} failed (exit code 4)`,
    ]);
  });

  it('says that it is not there', async () => {
    path = join(folder, 'none', 'hook.sh');
    const log = { info: () => undefined, error: (text: string) => lines.push(text) };
    await runShutdownHook(
      {
        values: { 'shutdown-hook-path': path },
        env: { PATH: process.env.PATH ?? '' },
        clock: systemClock,
        log,
        signal: stop.signal,
      },
      'IDLE',
    );
    expect(lines).toEqual([`The shutdown hook ${path} failed (exit code 127)`]);
  });

  it('does not wait for what it left running with its output open', async () => {
    await run(`sleep 300 & echo $! >${folder}/pid; echo gone`);
    expect(lines.slice(1)).toEqual(['Shutdown hook: gone']);
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL');
  });

  it('ends it when it is told to', async () => {
    const running = run(endless());
    await made(join(folder, 'up'));
    stop.abort();
    await running;
    expect(lines.slice(1)).toEqual([
      'Shutdown hook: up',
      'Shutdown hook: bye',
      `! The shutdown hook ${path} failed (exit code 3)`,
    ]);
  });

  it('ends it after a minute', async () => {
    const clock = new FakeClock();
    const running = run(endless(), clock);
    await made(join(folder, 'up'));
    await clock.advance(60_000);
    await running;
    expect(lines.at(-1)).toBe(`! The shutdown hook ${path} failed (exit code 3)`);
  });
});

/** Resolves when a file is there. */
function made(file: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(folder, look);
    look();
  });
}
