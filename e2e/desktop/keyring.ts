import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDesktop } from './test-desktop.ts';

/** With these the app takes the keyring, whatever desktop it believes to be on. */
export const KEYRING_ARGUMENTS = ['--password-store=gnome-libsecret'];

/** Starts GNOME's keyring on a test's desktop, unlocked as by a login, with its data in a folder. Resolves with the way to end it. */
export async function startKeyring(desktop: TestDesktop, folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  const env = { PATH: process.env.PATH ?? '', HOME: folder, XDG_DATA_HOME: join(folder, 'data'), ...desktop.env };
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  daemon.stdin.end('the password of a login');
  await desktop.named('org.freedesktop.secrets');
  return () => {
    daemon.kill();
    return ended;
  };
}
