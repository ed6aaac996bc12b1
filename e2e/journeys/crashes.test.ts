import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startApp } from '../desktop/app.ts';
import { commandLineOf, isAlive, processesBelow, processesWith, renderersOf } from '../desktop/processes.ts';
import { TestDesktop } from '../desktop/test-desktop.ts';

let work: string;
let hub: PracticeHub;
let desktop: TestDesktop;
let app: ElectronApplication | undefined;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
  desktop = await TestDesktop.start({ trayHost: true });
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await desktop.stop();
  await hub.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
});

const job = (...commands: string[]) => ({ executor: 'shell', commands: commands.map((directive) => ({ directive })) });
const reported = (id: string) => hub.waitFor(() => hub.resultOf(id) !== undefined);
const synced = (state: string) =>
  hub.waitFor(() => hub.calls.some(({ kind, body }) => kind === 'sync' && body.includes(`"state":"${state}"`)));
const crashRecords = () =>
  readdirSync(join(work, 'data', 'crashes')).map(
    (name) => JSON.parse(readFileSync(join(work, 'data', 'crashes', name), 'utf8')) as Record<string, unknown>,
  );

/** What becomes of a job before its agent is killed: each leaves it in another state. */
const MOMENTS: Readonly<Record<string, () => Promise<string>>> = {
  async starting() {
    hub.injectFault({ on: 'job', delay: 3_000 });
    const id = hub.addJob(job('echo never'));
    await synced('starting-job');
    return id;
  },
  async running() {
    const id = hub.addJob(job('setsid sleep 300 & echo begun; sleep 300'));
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    return id;
  },
  async stopping() {
    const id = hub.addJob(job('setsid sleep 300 & trap "" TERM; echo begun; sleep 300; sleep 300'));
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    hub.stopJob(id);
    await synced('stopping-job');
    return id;
  },
  async finishing() {
    hub.injectFault({ on: 'push', times: 1_000, status: 503 });
    const id = hub.addJob(job('echo done'));
    await hub.waitFor(() => hub.calls.some(({ kind, body }) => kind === 'push' && body.includes('job_finished')));
    return id;
  },
};

describe.each(Object.keys(MOMENTS))('a job that is %s', (moment) => {
  it.each([['the agent'], ['the main process'], ['both']])('is reported when %s is killed', async (victims) => {
    app = await startApp(desktop, hub, work);
    const id = (await MOMENTS[moment]?.()) ?? '';
    const [main, agent] = [mainPid(), registeredPid()];
    const gone = app.waitForEvent('close');
    if (victims !== 'the agent') send('SIGKILL', main);
    if (victims !== 'the main process') send('SIGKILL', agent);
    if (victims !== 'the agent') {
      await gone;
      await expect.poll(() => isAlive(agent)).toBe(false);
      app = await startApp(desktop, hub, work);
    }
    await reported(id);
    expect(hub.resultOf(id)).toBe('failed');
    await expect.poll(processesOfJobs).toEqual([]);
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
    expect(hub.violations).toEqual([]);
    if (victims === 'the agent')
      await expect.poll(() => crashRecords()).toMatchObject([{ process: 'agent', reason: expect.stringMatching(/9/) }]);
  });
});

describe('an agent that hangs', () => {
  it('is ended and started again, and its job is reported', async () => {
    app = await startApp(desktop, hub, work);
    const id = await MOMENTS.running?.();
    send('SIGSTOP', registeredPid());
    // Behind a sleep it is asked at once.
    await app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
    await reported(id ?? '');
    expect(hub.resultOf(id ?? '')).toBe('failed');
    await expect.poll(() => crashRecords()).toMatchObject([{ reason: 'it did not answer for 15 s' }]);
    expect(JSON.stringify(crashRecords())).not.toContain(hub.registrationToken);
  });
});

describe('an agent that keeps crashing', () => {
  it('is given up after three restarts, and starts again when it is connected', async () => {
    app = await startApp(desktop, hub, work);
    for (let n = 0; n < 4; n += 1) {
      const id = hub.addJob(job(`echo "agent $PPID"`, 'sleep 300'));
      await hub.waitFor(() => hub.log(id).text.includes('agent '));
      await expect.poll(agentPids).toHaveLength(1);
      send('SIGKILL', agentPids()[0]);
      if (n < 3) await reported(id);
    }
    await expect.poll(async () => (await desktop.tray()).tooltip).toMatch(/^The agent keeps crashing\n/);
    expect(agentPids()).toEqual([]);
    await desktop.choose('Connect');
    await expect.poll(async () => (await desktop.tray()).tooltip).toMatch(/^Ready for jobs/);
    expect(hub.jobIds.map((id) => hub.resultOf(id))).toEqual(['failed', 'failed', 'failed', 'failed']);
  });
});

describe('a window whose process is killed', () => {
  it('comes back, and the job goes on', async () => {
    app = await startApp(desktop, hub, work, ['--show']);
    const id = hub.addJob(job('echo begun', `until [ -f ${work}/go ]; do sleep 0.05; done`, 'echo ended'));
    const page = app.windows()[0] ?? (await app.waitForEvent('window'));
    await page.getByText('begun', { exact: true }).waitFor();
    const [renderer] = renderersOf(mainPid());
    send('SIGKILL', renderer);
    await expect.poll(() => renderersOf(mainPid()).filter((pid) => pid !== renderer)).toHaveLength(1);
    const shown = () =>
      app?.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'),
      );
    await expect.poll(shown).toContain('begun');
    writeFileSync(join(work, 'go'), '');
    await reported(id);
    expect(hub.resultOf(id)).toBe('passed');
    await expect.poll(shown).toContain('ended');
    expect(crashRecords()).toMatchObject([{ process: 'window' }]);
  });
});

function registeredPid(): number {
  const call = hub.calls.find(({ kind }) => kind === 'register');
  return (JSON.parse(call?.body ?? '{}') as { readonly pid: number }).pid;
}

/** The agent that the running app has now; its only utility process of this kind. */
function agentPids(): readonly number[] {
  return processesBelow(mainPid(), '--utility-sub-type=node.mojom.NodeService');
}

function mainPid(): number {
  const pid = app?.process().pid;
  if (pid === undefined) throw new Error('the app does not run');
  return pid;
}

/** Sends a signal to one process. A missing id must not become the whole group. */
function send(signal: NodeJS.Signals, pid: number | undefined): void {
  if (!pid) throw new Error('no such process');
  process.kill(pid, signal);
}

/** What jobs of this test have left running: their processes carry the mark of one. */
function processesOfJobs(): readonly string[] {
  return processesWith(`HOME=${work}`, 'SIGNALBOX_JOB_MARK').map((pid) => commandLineOf(pid).join(' '));
}
