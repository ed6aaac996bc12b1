import { spawn } from '@lydell/node-pty';
import type { ByteSession } from '../../session/byte-session.ts';

/** Rows and columns of a job's terminal: wide enough that tools do not wrap their tables. */
const ROWS = 50;
const COLUMNS = 200;

export interface PtyOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A pty of this machine. `pid` is the leader of its session. */
export interface Pty extends ByteSession {
  readonly pid: number;
  /** True once the leader has ended: its process id may be somebody else's by now. */
  readonly over: boolean;
}

/** Starts a program on a pty of its own. Throws where the system has none to give. */
export function openPty(options: PtyOptions): Pty {
  const [file = '', ...args] = options.command;
  const terminal = spawn(file, args, {
    name: options.env.TERM ?? 'xterm',
    rows: ROWS,
    cols: COLUMNS,
    cwd: options.cwd,
    env: options.env,
    encoding: null,
  });
  let over = false;
  const closed = new Promise<void>((resolve) => {
    terminal.onExit(() => {
      over = true;
      resolve();
    });
  });
  return {
    pid: terminal.pid,
    get over() {
      return over;
    },
    write: (text) => terminal.write(text),
    // With `encoding: null` node-pty hands out buffers, whatever its types say.
    onBytes: (receiver) => void terminal.onData((chunk) => receiver(chunk as unknown as Uint8Array)),
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    closed,
    kill() {
      if (!over) terminal.kill('SIGKILL');
    },
  };
}
