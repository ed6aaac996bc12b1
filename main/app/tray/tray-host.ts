import { execFile } from 'node:child_process';

/** How long a desktop that is just logging in is given to bring its tray, in ms. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 500;

/**
 * True where there is a tray to be seen in. On Linux Electron does not tell: the session bus is asked for the owner of
 * StatusNotifierWatcher, for some seconds, because a tray that is made too early never appears.
 */
export async function hasTrayHost(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  for (let waited = 0; ; waited += LOOK_MS) {
    if (await hasWatcher()) return true;
    if (waited >= PATIENCE_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function hasWatcher(): Promise<boolean> {
  const bus = 'org.freedesktop.DBus';
  const args = [
    '--session',
    `--dest=${bus}`,
    '--print-reply',
    '/',
    `${bus}.NameHasOwner`,
    'string:org.kde.StatusNotifierWatcher',
  ];
  return new Promise((resolve) => {
    execFile('dbus-send', args, (error, stdout) => resolve(!error && stdout.includes('boolean true')));
  });
}
