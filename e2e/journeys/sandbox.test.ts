import { chmodSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { settingsFor } from '../desktop/app.ts';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { DebuggedPage } from '../desktop/debugged-page.ts';
import { AS_ORDINARY_USER, type SandboxedApp, startSandboxedApp } from '../desktop/ordinary-user.ts';
import { savePictures } from '../desktop/pictures.ts';
import { renderersOf, seccompMode } from '../desktop/processes.ts';

const journey = appJourney();
let sandboxed: SandboxedApp | undefined;

afterEach(() => {
  if (sandboxed) process.kill(-sandboxed.pid, 'SIGKILL');
  sandboxed = undefined;
});

const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });

describe('the app', () => {
  it('runs for an ordinary user with its sandbox on', async () => {
    chmodSync(journey.work, 0o755);
    sandboxed = await startSandboxedApp(journey.desktop, settingsFor(journey.hub), journey.work);
    const page = await DebuggedPage.connect(sandboxed.debuggerUrl);
    await expect.poll(() => page.text()).toContain('Ready for jobs');
    const id = journey.hub.addJob(job('Sandboxed', 'echo "by user $(id -u)"'));
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
    const user = AS_ORDINARY_USER.length > 0 ? 65_534 : process.getuid?.();
    await expect.poll(() => page.text()).toMatch(new RegExp(`^by user ${user}$`, 'm'));
    expect(renderersOf(sandboxed.pid).map(seccompMode)).toEqual([2]);
    await savePictures('sandboxed', journey.desktop, page);
    page.close();
    await journey.desktop.choose('Quit Signalbox');
    await sandboxed.ended;
    sandboxed = undefined;
  });

  it('gives its window no way out of the sandbox', async () => {
    const page = await journey.startWithWindow();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    const seen = await page.evaluate(() => ({
      node: 'require' in globalThis || 'process' in globalThis,
      bridge: Object.keys((globalThis as unknown as { signalboxBridge: object }).signalboxBridge),
    }));
    expect(seen).toEqual({ node: false, bridge: ['send', 'onMessage'] });
    await page.evaluate(() => {
      const { signalboxBridge: bridge } = globalThis as unknown as {
        signalboxBridge: { send(message: unknown): void };
      };
      for (const message of [
        null,
        1,
        'x',
        {},
        { kind: 'command', name: 'quit', value: null },
        { kind: 'request', id: 1, name: 'constructor' },
      ])
        bridge.send(message);
    });
    expect(
      await page.evaluate(() =>
        (globalThis as unknown as { fetch(url: string): Promise<unknown> }).fetch('https://example.com/').then(
          () => 'reached',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
    const id = journey.hub.addJob(job('Still here', 'echo fine'));
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
  });
});
