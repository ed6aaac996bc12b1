import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startApp, startAppAgain } from '../desktop/app.ts';
import { TestDesktop } from '../desktop/test-desktop.ts';

let work: string;
let hub: PracticeHub;
let desktop: TestDesktop;
let app: ElectronApplication | undefined;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 200 });
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await desktop.stop();
  await hub.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
});

const job = (name: string, ...commands: string[]) => ({
  executor: 'shell',
  env_vars: [{ name: 'SEMAPHORE_JOB_NAME', value: Buffer.from(name).toString('base64') }],
  commands: commands.map((directive) => ({ directive })),
});
const tooltip = async () => (await desktop.tray()).tooltip;
const reported = (id: string) => hub.waitFor(() => hub.resultOf(id) !== undefined);

async function windowOf(running: ElectronApplication): Promise<Page> {
  return running.windows()[0] ?? running.waitForEvent('window');
}

describe('the app', () => {
  it('shows a job in tray and window, from idle to running to idle', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work);
    await desktop.trayItem();
    await expect.poll(tooltip).toMatch(/^Ready for jobs\nConnected as desktop-agent/);
    const idleIcon = (await desktop.tray()).icon;

    await desktop.choose('Open window');
    const page = await windowOf(app);
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    const id = hub.addJob(job('Unit tests', 'echo one', `until [ -f ${join(work, 'go')} ]; do sleep 0.05; done`));
    await page.getByRole('heading', { name: 'Running “Unit tests”' }).waitFor();
    await page.getByText(/command 2 of 2/).waitFor();
    await expect.poll(tooltip).toMatch(/^Running “Unit tests”\n/);
    expect((await desktop.tray()).icon).not.toBe(idleIcon);

    writeFileSync(join(work, 'go'), '');
    await reported(id);
    expect(hub.resultOf(id)).toBe('passed');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await expect.poll(async () => (await desktop.tray()).icon).toBe(idleIcon);
    expect(hub.violations).toEqual([]);
  });

  it('pauses after the current job from the tray, and resumes from the window', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work, ['--show']);
    const page = await windowOf(app);
    const first = hub.addJob(job('First', `until [ -f ${join(work, 'go')} ]; do sleep 0.05; done`));
    await page.getByRole('heading', { name: 'Running “First”' }).waitFor();
    await desktop.choose('Pause after current job');
    await page.getByRole('heading', { name: 'Pausing after “First”' }).waitFor();
    const second = hub.addJob(job('Second', 'echo second'));
    writeFileSync(join(work, 'go'), '');
    await page.getByRole('heading', { name: 'Paused by you' }).waitFor();
    expect(hub.resultOf(first)).toBe('passed');
    expect(hub.calls.at(-1)?.kind).toBe('disconnect');
    expect(hub.calls.filter(({ kind }) => kind === 'job')).toHaveLength(1);
    await expect.poll(tooltip).toMatch(/^Paused by you\n/);

    await page.getByRole('button', { name: 'Resume' }).click();
    await reported(second);
    expect(hub.resultOf(second)).toBe('passed');
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(2);
    expect(hub.violations).toEqual([]);
  });

  it('starts an agent again that was killed, and the hub learns of the job', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work, ['--show']);
    const page = await windowOf(app);
    const id = hub.addJob(job('Doomed', 'echo begun; sleep 300'));
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    process.kill(registeredPid(hub), 'SIGKILL');
    await reported(id);
    expect(hub.resultOf(id)).toBe('failed');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
  });

  it('shows its window where there is no tray', async () => {
    desktop = await TestDesktop.start({ trayHost: false });
    app = await startApp(desktop, hub, work);
    const page = await windowOf(app);
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    expect(desktop.trayItems).toBe(0);
  });

  it('keeps its agent when the window is closed, and shows the window at a second start', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work, ['--show']);
    const page = await windowOf(app);
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await page.close();
    const id = hub.addJob(job('Unseen', 'echo unseen'));
    await reported(id);
    const shown = app.waitForEvent('window');
    await startAppAgain(desktop, work);
    await (await shown).getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  });

  it('disconnects when it is quit', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work);
    await desktop.trayItem();
    await expect.poll(tooltip).toMatch(/^Ready for jobs/);
    const closed = app.waitForEvent('close');
    await desktop.choose('Quit Signalbox');
    await closed;
    app = undefined;
    expect(hub.connectedAgents).toBe(0);
  });

  it('gives its window no way out of the sandbox', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work, ['--show']);
    const page = await windowOf(app);
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
    const id = hub.addJob(job('Still here', 'echo fine'));
    await reported(id);
    expect(hub.resultOf(id)).toBe('passed');
  });
});

function registeredPid(of: PracticeHub): number {
  const call = of.calls.find(({ kind }) => kind === 'register');
  return (JSON.parse(call?.body ?? '{}') as { readonly pid: number }).pid;
}
