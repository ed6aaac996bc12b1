import { spawn } from 'node:child_process';

/** A profile that takes longer has no say. In ms. */
const LIMIT_MS = 5_000;
const MARK = '--signalbox-path--';

/**
 * The PATH of a login shell. An app that is not started from a terminal, above all on macOS, has the system's alone, without
 * what its user's profile adds. Undefined where the shell does not tell in time.
 */
export function loginPath(
  shell: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Profiles greet; what is asked for stands between marks. A session of its own, so that none of it reaches for a terminal.
    const child = spawn(shell, ['-ilc', `printf '%s' '${MARK}' "$PATH" '${MARK}'`], {
      env: { ...env, TERM: 'dumb' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    let text = '';
    const finish = () => {
      clearTimeout(limit);
      child.stdout.destroy();
      resolve(text.split(MARK)[1] || undefined);
    };
    const limit = setTimeout(() => {
      killGroup(child.pid);
      finish();
    }, LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      // What a profile has left running may hold the stream for as long as it likes.
      if (text.split(MARK).length > 2) finish();
    });
    child.once('error', finish);
    child.once('close', finish);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
