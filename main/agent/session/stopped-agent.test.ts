import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../platform/fake-clock.ts';
import type { BashSession } from './bash-session.ts';
import { type BashStage, openBashStage } from './bash-stage.suite.ts';

/* A real bash, while the agent itself is stopped: its timers are due when it goes on, before what bash has said meanwhile. */

let stage: BashStage;
let clock: FakeClock;
let session: BashSession;

beforeEach(async () => {
  clock = new FakeClock();
  stage = await openBashStage(clock);
  session = stage.session;
});
afterEach(() => stage.close());

const MINUTE = 60_000;
/** The agent is stopped as soon as it waits for something, before anything of that can have come. */
async function stopAgent(): Promise<void> {
  while (clock.pending === 0) await Promise.resolve();
  clock.leap(MINUTE);
  await clock.advance(0);
}

it('is waited for, whether it is about to begin or about to run a command', async () => {
  const started = session.start();
  await stopAgent();
  expect(await started).toBe('ready');
  const ran = session.run('sleep 0.1; return 3', () => undefined);
  await stopAgent();
  expect(await ran).toEqual({ kind: 'exited', exitCode: 3 });
});

it('that does not begin is given up all the same', async () => {
  expect(await session.start()).toBe('ready');
  const [shell = 0] = session.shellPids;
  process.kill(shell, 'SIGSTOP');
  const ran = session.run('echo never', () => undefined);
  await stopAgent();
  await clock.advance(10_000);
  expect(await ran).toEqual({ kind: 'unresponsive' });
  process.kill(shell, 'SIGKILL');
});
