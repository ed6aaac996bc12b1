import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPty, type Pty } from '../executor/shell/pty.ts';
import { linuxProcesses } from '../platform/linux-processes.ts';
import { CONTAINER_HOLDER, HOLDER_LISTENS } from './container-holder.ts';

/** Of some hundred one met it. */
const SESSIONS = 600;

let folder: string;
let terminal: Pty;
let shown: string;
let news: () => void;

beforeEach(() => {
  shown = '';
  news = () => undefined;
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm' };
  terminal = openPty({ command: CONTAINER_HOLDER, cwd: folder, env });
  terminal.onBytes((bytes) => {
    shown += Buffer.from(bytes).toString('latin1');
    news();
  });
  void terminal.closed.then(() => news());
});
afterEach(async () => {
  terminal.kill();
  await terminal.closed;
  rmSync(folder, { recursive: true });
});

/** Resolves when the terminal has shown it; what came so far is forgotten. Rejects when the holder has ended. */
async function shows(text: string): Promise<void> {
  while (!shown.includes(text)) {
    if (terminal.over) throw new Error('the holder has ended');
    await new Promise<void>((resolve) => {
      news = resolve;
    });
  }
  shown = '';
}

/** The processes on the terminal that are stopped, by their command lines. */
function stopped(): readonly string[] {
  const onTerminal = linuxProcesses.find({ mark: 'NONE=1', roots: [terminal.pid] });
  const activities = onTerminal.map(({ pid }) => linuxProcesses.activity(pid));
  return activities.flatMap((activity) => (activity?.stopped ? [activity.command] : []));
}

describe.runIf(process.platform === 'linux')('the holder of a container', () => {
  it('has its terminal to itself when a session is over: nothing of the session is left that takes it', async () => {
    await shows(HOLDER_LISTENS);
    for (let session = 0; session < SESSIONS; session += 1) {
      terminal.write(`noprofile\nnonce-${session}\nexit\n`);
      await shows(`\x1b]735;nonce-${session};X;0\x07`);
    }
    expect(stopped()).toEqual([]);
  });

  it('takes its terminal back from a program with job control that outlives its shell and cleans up', async () => {
    await shows(HOLDER_LISTENS);
    const cleanUp = 'until [ -e go ]; do read -rt 0.05 -u 3; done; bash -c : cleaned; echo "clean""ed"';
    terminal.write(`noprofile\nfirst\nbash -mc 'exec 3<> <(:); kill -9 $PPID; ${cleanUp}'\n`);
    await shows('\x1b]735;first;X;137\x07');
    writeFileSync(join(folder, 'go'), '');
    await shows('cleaned\r\n');
    for (const nonce of ['second', 'third']) {
      terminal.write(`noprofile\n${nonce}\nexit 3\n`);
      await shows(`\x1b]735;${nonce};X;3\x07`);
    }
  });
});
