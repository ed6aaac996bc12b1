import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import type { PracticeHub } from '../../main/practice/practice-hub.ts';
import type { TestDesktop } from './test-desktop.ts';

/**
 * Starts the built app on a desktop of a test's own, connected to a practice hub, with its data within `work`. `settings` go
 * over what connects it; an empty one takes it away.
 */
export async function startApp(
  desktop: TestDesktop,
  hub: PracticeHub,
  work: string,
  args: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<ElectronApplication> {
  const home = join(work, 'home');
  const temp = join(work, 'tmp');
  for (const folder of [home, temp]) mkdirSync(folder, { recursive: true });
  return _electron.launch({
    executablePath: runtime(),
    args: ['.', `--user-data-dir=${join(work, 'data')}`, ...args],
    // Chromium refuses root; for everybody else the sandbox stays on.
    chromiumSandbox: process.getuid?.() !== 0,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      TMPDIR: temp,
      LANG: 'C.UTF-8',
      ...desktop.env,
      ...settingsFor(hub),
      ...settings,
    },
  });
}

/** What connects the app's agent to a practice hub. */
export function settingsFor(hub: PracticeHub): Record<string, string> {
  return {
    SEMAPHORE_AGENT_ENDPOINT: hub.endpoint,
    SEMAPHORE_AGENT_TOKEN: hub.registrationToken,
    SEMAPHORE_AGENT_NO_HTTPS: 'true',
    SEMAPHORE_AGENT_NAME: 'desktop-agent',
    // Jobs of tests do not say where their code comes from, which the app's own default refuses.
    SEMAPHORE_AGENT_FORKED_PULL_REQUESTS: 'allow',
  };
}

/** Starts the app a second time on the same data. Resolves when that one has gone, having told the first one. */
export function startAppAgain(desktop: TestDesktop, work: string, args: readonly string[] = []): Promise<void> {
  const env = { PATH: process.env.PATH ?? '', HOME: join(work, 'home'), TMPDIR: join(work, 'tmp'), ...desktop.env };
  const own = ['.', `--user-data-dir=${join(work, 'data')}`, ...sandboxArguments()];
  const second = spawn(runtime(), [...own, ...args], { env, stdio: 'ignore' });
  return new Promise((resolve) => second.once('exit', () => resolve()));
}

/** The arguments with which the runtime's sandbox is as it can be here. */
export function sandboxArguments(): readonly string[] {
  return (process.env.SIGNALBOX_ELECTRON_ARGUMENTS ?? '').split(' ').filter((argument) => argument !== '');
}

/** The binary that `npm run e2e` found. */
export function runtime(): string {
  const binary = process.env.SIGNALBOX_ELECTRON;
  if (!binary) throw new Error('say npm run e2e: it looks for the runtime first');
  return binary;
}
