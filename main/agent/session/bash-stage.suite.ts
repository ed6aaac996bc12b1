import { tmpdir } from 'node:os';
import { openPty, type Pty } from '../executor/shell/pty.ts';
import type { Clock } from '../platform/clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { systemRandom } from '../platform/random.ts';
import { BashSession } from './bash-session.ts';
import { holderCommand } from './holder.ts';

/** A real bash on a terminal, for tests: its home is a folder of its own. */
export interface BashStage {
  readonly folder: PrivateFolder;
  readonly terminal: Pty;
  /** Not started yet. */
  readonly session: BashSession;
  /** Ends what is left of it, and removes its folder. */
  close(): Promise<void>;
}

/** Opens one whose session has that clock. */
export async function openBashStage(clock: Clock): Promise<BashStage> {
  const folder = await createPrivateFolder(tmpdir());
  const terminal = openPty({
    command: holderCommand({ profile: true }),
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? '', HOME: folder.path, LANG: 'C.UTF-8', TERM: 'xterm' },
  });
  const placeScript = (text: string) => folder.write('command', text);
  const session = new BashSession({ beginsAtHome: true, terminal, placeScript, clock, random: systemRandom });
  async function close(): Promise<void> {
    terminal.kill();
    await terminal.closed;
    await folder.remove();
  }
  return { folder, terminal, session, close };
}
