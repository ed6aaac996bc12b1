import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { copyApp, runtime } from './app.ts';
import type { TestDesktop } from './test-desktop.ts';

/** `nobody`, on every Linux. */
const NOBODY = 65_534;

/** How to run a program as an ordinary user: as it is, or, where the tests are root's, as nobody. */
export const AS_ORDINARY_USER: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : [];

/** Makes a folder that the ordinary user owns. */
export function folderForOrdinaryUser(path: string): string {
  mkdirSync(path, { recursive: true });
  if (AS_ORDINARY_USER.length > 0) chownSync(path, NOBODY, NOBODY);
  return path;
}

/** The app as an ordinary user runs it, with its sandbox on. */
export interface SandboxedApp {
  readonly pid: number;
  /** Where its windows can be driven from. */
  readonly debuggerUrl: string;
  readonly ended: Promise<void>;
}

/**
 * Starts the built app, with its runtime, from copies that an ordinary user can read: what root has in its home nobody else
 * sees. Playwright's own way of starting it would need the same of its loader.
 */
export async function startSandboxedApp(
  desktop: TestDesktop,
  settings: Readonly<Record<string, string>>,
  work: string,
): Promise<SandboxedApp> {
  const electron = join(work, 'runtime', 'electron');
  cpSync(dirname(runtime()), dirname(electron), { recursive: true });
  if (AS_ORDINARY_USER.length > 0) chmodSync(join(dirname(electron), 'chrome-sandbox'), 0o4755);
  const app = join(work, 'app');
  copyApp(app);
  const home = folderForOrdinaryUser(join(work, 'home'));
  const temp = folderForOrdinaryUser(join(work, 'tmp'));
  const args = [app, `--user-data-dir=${join(home, 'data')}`, '--show', '--remote-debugging-port=0'];
  const [program = '', ...rest] = [...AS_ORDINARY_USER, electron, ...args];
  const child = spawn(program, rest, {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      TMPDIR: temp,
      LANG: 'C.UTF-8',
      ...desktop.env,
      XDG_RUNTIME_DIR: temp,
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that a test that fails can end all of it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const debuggerUrl = await new Promise<string>((resolve, reject) => {
    const told: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      told.push(line);
      const [, url] = /^DevTools listening on (ws:.*)$/.exec(line) ?? [];
      if (url) resolve(url);
    });
    void ended.then(() => reject(new Error(`the app ended:\n${told.join('\n')}`)));
  });
  return { pid: child.pid ?? 0, debuggerUrl, ended };
}
