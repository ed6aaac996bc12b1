import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { settingsFor, startApp, startAppAgain } from '../desktop/app.ts';
import { DebuggedPage } from '../desktop/debugged-page.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { AS_ORDINARY_USER, type SandboxedApp, startSandboxedApp } from '../desktop/ordinary-user.ts';
import { savePictures } from '../desktop/pictures.ts';
import { renderersOf, seccompMode } from '../desktop/processes.ts';
import { TestDesktop } from '../desktop/test-desktop.ts';

let work: string;
let hub: PracticeHub;
let desktop: TestDesktop;
let app: ElectronApplication | undefined;
let sandboxed: SandboxedApp | undefined;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 200 });
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  if (sandboxed) process.kill(-sandboxed.pid, 'SIGKILL');
  sandboxed = undefined;
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
    await savePictures('idle', desktop);

    await desktop.openWindow();
    const page = await windowOf(app);
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await savePictures('idle', desktop, page);
    const id = hub.addJob(
      job('Unit tests', 'echo "seen $((1 + 1))"', `until [ -f ${join(work, 'go')} ]; do sleep 0.05; done`),
    );
    await page.getByRole('heading', { name: 'Running “Unit tests”' }).waitFor();
    await page.getByText(/command 2 of 2/).waitFor();
    await expect.poll(tooltip).toMatch(/^Running “Unit tests”\n/);
    expect((await desktop.tray()).icon).not.toEqual(idleIcon);
    const log = page.getByRole('log', { name: 'End of the log' });
    await log.getByText('seen 2', { exact: true }).waitFor();
    const commands = page.getByRole('list', { name: 'Commands' }).getByRole('listitem');
    await commands.filter({ hasText: 'echo "seen' }).getByRole('img', { name: 'passed' }).waitFor();
    await commands.filter({ hasText: 'until' }).getByRole('img', { name: 'running' }).waitFor();
    await savePictures('running', desktop, page);

    writeFileSync(join(work, 'go'), '');
    await reported(id);
    expect(hub.resultOf(id)).toBe('passed');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await expect.poll(async () => (await desktop.tray()).icon).toEqual(idleIcon);
    await page.getByRole('region', { name: 'Last job' }).getByText('Passed').waitFor();
    await savePictures('after-a-job', desktop, page);
    expect(hub.violations).toEqual([]);
  });

  it('pauses after the current job from the tray, and resumes from the window', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work, ['--show']);
    const page = await windowOf(app);
    const first = hub.addJob(job('First', `until [ -f ${join(work, 'go')} ]; do sleep 0.05; done`));
    await page.getByRole('heading', { name: 'Running “First”' }).waitFor();
    await desktop.choose('Pause after current job', 'Until I resume');
    await page.getByRole('heading', { name: 'Pausing after “First”' }).waitFor();
    await savePictures('pausing', desktop, page);
    const second = hub.addJob(job('Second', 'echo second'));
    writeFileSync(join(work, 'go'), '');
    await page.getByRole('heading', { name: 'Paused by you' }).waitFor();
    expect(hub.resultOf(first)).toBe('passed');
    expect(hub.calls.at(-1)?.kind).toBe('disconnect');
    expect(hub.calls.filter(({ kind }) => kind === 'job')).toHaveLength(1);
    await expect.poll(tooltip).toMatch(/^Paused by you\n/);
    await savePictures('paused', desktop, page);

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
    const notice = 'The agent crashed and was started again; “Doomed” is reported as failed';
    await page.getByRole('alert').getByText(notice).waitFor();
    await reported(id);
    expect(hub.resultOf(id)).toBe('failed');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await expect.poll(tooltip).toContain(notice);
    await savePictures('after-a-crash', desktop, page);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await expect.poll(tooltip).not.toContain(notice);
    // The window has a port to the new agent.
    const next = hub.addJob(job('Next', 'echo "back $((1 + 1))"'));
    await page.getByRole('log', { name: 'End of the log' }).getByText('back 2', { exact: true }).waitFor();
    await reported(next);
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
  });

  it('shows its window where there is no tray', async () => {
    desktop = await TestDesktop.start({ trayHost: false });
    app = await startApp(desktop, hub, work);
    const page = await windowOf(app);
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await page.getByText('This desktop has no tray').waitFor();
    await savePictures('no-tray', desktop, page);
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

  it('loses and doubles no line of the tail when its window is closed and opened again', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work, ['--show']);
    const [mark, go] = [join(work, 'mark'), join(work, 'go')];
    const count = `n=0; while [ ! -f ${go} ]; do echo "line $n"; n=$((n + 1)); [ $n = 40 ] && touch ${mark}; sleep 0.01; done`;
    const id = hub.addJob(job('Count', count, 'echo "in all $n"'));
    const page = await windowOf(app);
    await page.getByText('line 20', { exact: true }).waitFor();
    const closed = page.waitForEvent('close');
    await page.close();
    await closed;
    await expect.poll(() => existsSync(mark)).toBe(true);
    const opened = app.waitForEvent('window');
    await desktop.openWindow();
    const again = await opened;
    await again.getByText('line 60', { exact: true }).waitFor();
    // A page that is loaded anew asks for a port of its own.
    await again.reload();
    await again.getByText('line 80', { exact: true }).waitFor();
    writeFileSync(go, '');
    await reported(id);
    await again.getByText(/^in all \d+$/).waitFor();
    const shown = await again.getByRole('log', { name: 'End of the log' }).innerText();
    const lines = [...shown.matchAll(/^line (\d+)$/gm)].map(([, n]) => Number(n));
    const total = Number(/^in all (\d+)$/m.exec(shown)?.[1]);
    expect(lines).toEqual(Array.from({ length: total }, (_, n) => n));
    await savePictures('window-opened-again', desktop, again);
  });

  it('asks what becomes of the job when it is to disconnect, and is connected again from the window', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    app = await startApp(desktop, hub, work, ['--show']);
    const page = await windowOf(app);
    const id = hub.addJob(job('Long', 'echo begun; sleep 300'));
    await page.getByText('begun', { exact: true }).waitFor();
    await answerDialogs(app, 'Cancel');
    await chooseDisconnect(page);
    await answerDialogs(app, 'Stop the job now');
    await chooseDisconnect(page);
    await page.getByRole('heading', { name: 'Disconnected' }).waitFor();
    expect(hub.resultOf(id)).toBe('stopped');
    expect(hub.calls.at(-1)?.kind).toBe('disconnect');
    await expect.poll(tooltip).toMatch(/^Disconnected\nNothing runs here until you connect/);
    await savePictures('disconnected', desktop, page);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    expect(hub.violations).toEqual([]);
  });

  it('runs for an ordinary user with its sandbox on', async () => {
    desktop = await TestDesktop.start({ trayHost: true });
    chmodSync(work, 0o755);
    sandboxed = await startSandboxedApp(desktop, settingsFor(hub), work);
    const page = await DebuggedPage.connect(sandboxed.debuggerUrl);
    await expect.poll(() => page.text()).toContain('Ready for jobs');
    const id = hub.addJob(job('Sandboxed', 'echo "by user $(id -u)"'));
    await reported(id);
    expect(hub.resultOf(id)).toBe('passed');
    const user = AS_ORDINARY_USER.length > 0 ? 65_534 : process.getuid?.();
    await expect.poll(() => page.text()).toMatch(new RegExp(`^by user ${user}$`, 'm'));
    expect(renderersOf(sandboxed.pid).map(seccompMode)).toEqual([2]);
    await savePictures('sandboxed', desktop, page);
    page.close();
    await desktop.choose('Quit Signalbox');
    await sandboxed.ended;
    sandboxed = undefined;
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

async function chooseDisconnect(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More ways to pause' }).click();
  await page.getByRole('menuitem', { name: 'Disconnect…' }).click();
}

function registeredPid(of: PracticeHub): number {
  const call = of.calls.find(({ kind }) => kind === 'register');
  return (JSON.parse(call?.body ?? '{}') as { readonly pid: number }).pid;
}
