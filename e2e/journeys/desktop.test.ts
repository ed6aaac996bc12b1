import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startApp } from '../desktop/app.ts';
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
});
