import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import type { PracticeHub } from '../../main/practice/practice-hub.ts';
import type { TestDesktop } from './test-desktop.ts';

/** Starts the built app on a desktop of a test's own, connected to a practice hub, with its data within `work`. */
export async function startApp(
  desktop: TestDesktop,
  hub: PracticeHub,
  work: string,
  args: readonly string[] = [],
): Promise<ElectronApplication> {
  const home = join(work, 'home');
  const temp = join(work, 'tmp');
  for (const folder of [home, temp]) mkdirSync(folder, { recursive: true });
  return _electron.launch({
    executablePath: process.env.SIGNALBOX_ELECTRON ?? '',
    args: ['.', `--user-data-dir=${join(work, 'data')}`, ...args],
    // Chromium refuses root; for everybody else the sandbox stays on.
    chromiumSandbox: process.getuid?.() !== 0,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      TMPDIR: temp,
      LANG: 'C.UTF-8',
      ...desktop.env,
      SEMAPHORE_AGENT_ENDPOINT: hub.endpoint,
      SEMAPHORE_AGENT_TOKEN: hub.registrationToken,
      SEMAPHORE_AGENT_NO_HTTPS: 'true',
      SEMAPHORE_AGENT_NAME: 'desktop-agent',
    },
  });
}
