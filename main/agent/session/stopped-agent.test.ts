import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPty, type Pty } from '../executor/shell/pty.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { systemRandom } from '../platform/random.ts';
import { BashSession } from './bash-session.ts';
import { holderCommand } from './holder.ts';

/* A real bash, while the agent itself is stopped: its timers are due when it goes on, before what bash has said meanwhile. */

let folder: PrivateFolder;
let terminal: Pty;
let clock: FakeClock;
let session: BashSession;

beforeEach(async () => {
  folder = await createPrivateFolder(tmpdir());
  terminal = openPty({
    command: holderCommand({ profile: true }),
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? '', HOME: folder.path, LANG: 'C.UTF-8', TERM: 'xterm' },
  });
  clock = new FakeClock();
  const placeScript = (text: string) => folder.write('command', text);
  session = new BashSession({ beginsAtHome: true, terminal, placeScript, clock, random: systemRandom });
});
afterEach(async () => {
  terminal.kill();
  await terminal.closed;
  await folder.remove();
});

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
