import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startApp } from '../desktop/app.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';
import { processesNaming } from '../desktop/processes.ts';
import { TestDesktop } from '../desktop/test-desktop.ts';
import { ask, command } from '../desktop/window-caller.ts';

/** Nothing of a connection comes from the environment: it is all in the app's own settings. */
const NOT_SET_UP = {
  SEMAPHORE_AGENT_ENDPOINT: '',
  SEMAPHORE_AGENT_TOKEN: '',
  SEMAPHORE_AGENT_NO_HTTPS: '',
  SEMAPHORE_AGENT_NAME: '',
};
const TOKEN = 'marked-registration-token-7c1f';
const LOG_TOKEN = 'marked-log-token-41d2';
const JOB_SECRET = 'marked-job-variable-93ab';

let work: string;
let hub: PracticeHub;
let desktop: TestDesktop;
let app: ElectronApplication | undefined;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 200, registrationToken: TOKEN, logTokenPrefix: LOG_TOKEN });
  desktop = await TestDesktop.start({ trayHost: true });
});
afterEach(async () => {
  if (app) await answerDialogs(app, 'Stop the job and quit');
  await app?.close();
  app = undefined;
  await desktop.stop();
  await hub.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
});

const variable = (name: string, value: string) => ({ name, value: Buffer.from(value).toString('base64') });
const job = (name: string, ...commands: string[]) => ({
  executor: 'shell',
  env_vars: [variable('SEMAPHORE_JOB_NAME', name), variable('JOB_SECRET', JOB_SECRET)],
  commands: commands.map((directive) => ({ directive })),
});
const waitForGo = () => `until [ -f ${join(work, 'go')} ]; do sleep 0.05; done`;
const tooltip = async () => (await desktop.tray()).tooltip;
const reported = (id: string) => hub.waitFor(() => hub.resultOf(id) !== undefined);
const callsOf = (kind: string) => hub.calls.filter((call) => call.kind === kind);
const nameOf = (at: number) => (JSON.parse(callsOf('register').at(at)?.body ?? '{}') as { name: string }).name;

async function windowOf(running: ElectronApplication): Promise<Page> {
  return running.windows()[0] ?? running.waitForEvent('window');
}

/** The app with its connection saved, as the first run does it. */
async function startSetUp(settings: Readonly<Record<string, string>> = {}): Promise<Page> {
  app = await startApp(desktop, hub, work, ['--show'], { ...NOT_SET_UP, ...settings });
  const page = await windowOf(app);
  await answerDialogs(app, 'Save');
  const choice = { endpoint: hub.endpoint, token: TOKEN, noHttps: true, name: 'saved-agent', startAtLogin: false };
  const { outcome } = await ask(page, 'finishFirstRun', { ...choice, jobs: 'shell-too' });
  expect(outcome).toBe('saved');
  await expect.poll(tooltip).toMatch(/^Ready for jobs\n/);
  return page;
}

/** The same settings, in the same profile, at another start. */
async function startAgain(): Promise<Page> {
  app = await startApp(desktop, hub, work, ['--show'], NOT_SET_UP);
  return windowOf(app);
}

/** The clock of the main process goes forward, as it does while a machine sleeps. */
async function sleepFor(minutes: number): Promise<void> {
  await app?.evaluate(({ powerMonitor }, ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
    powerMonitor.emit('resume');
  }, minutes * 60_000);
}

describe('the first run', () => {
  it('lets nothing run before the choice, tells what the hub says, and leads to the first job', async () => {
    app = await startApp(desktop, hub, work, [], NOT_SET_UP);
    const page = await windowOf(app);
    expect(await ask(page, 'firstRun', null)).toMatchObject({ needed: true, endpoint: '', hasToken: false });
    const snippet = `sudo SEMAPHORE_ENDPOINT="${hub.endpoint}" \\\n  SEMAPHORE_REGISTRATION_TOKEN='${TOKEN}' ./install.sh --no-https`;
    expect(await ask(page, 'parseSnippet', { text: snippet })).toEqual({
      endpoint: hub.endpoint,
      hasToken: true,
      noHttps: true,
    });
    const connection = { endpoint: hub.endpoint, noHttps: true };
    const wrong = await ask(page, 'testConnection', { ...connection, token: 'wrong' });
    expect(wrong).toMatchObject({ ok: false, problem: expect.stringMatching(/^the hub refused \/metrics with 40\d/) });
    const right = await ask(page, 'testConnection', { ...connection, token: null });
    expect(right).toEqual({ ok: true, problem: '', queue: expect.objectContaining({ jobsQueued: 0 }) });
    expect(new Set(hub.calls.map(({ kind }) => kind))).toEqual(new Set(['metrics']));

    const choice = { ...connection, token: null, name: 'first-agent', startAtLogin: false } as const;
    await answerDialogs(app, 'Cancel');
    expect((await ask(page, 'finishFirstRun', { ...choice, jobs: 'shell-too' })).outcome).toBe('cancelled');
    expect(callsOf('register')).toEqual([]);
    await answerDialogs(app, 'Save');
    expect((await ask(page, 'finishFirstRun', { ...choice, jobs: 'shell-too' })).outcome).toBe('saved');
    const id = hub.addJob(job('First', 'echo first'));
    await reported(id);
    expect(hub.resultOf(id)).toBe('passed');
    expect(nameOf(-1)).toBe('first-agent');
    const saved = join(work, 'data', 'settings.json');
    expect(statSync(saved).mode & 0o777).toBe(0o600);
    expect(readFileSync(saved, 'utf8')).not.toContain(TOKEN);
    await savePictures('after-the-first-run', desktop, page);

    await app.close();
    await startAgain();
    await expect.poll(tooltip).toMatch(/^Ready for jobs\nConnected as first-agent/);
    expect(hub.violations).toEqual([]);
  });

  it('can be tried without an account, and goes back to where it was', async () => {
    app = await startApp(desktop, hub, work, [], NOT_SET_UP);
    const page = await windowOf(app);
    await command(page, 'startPractice', null);
    await expect.poll(async () => (await ask(page, 'snapshot', null)).lastJob?.result).toBe('passed');
    expect(await ask(page, 'snapshot', null)).toMatchObject({ practice: true });
    await command(page, 'leavePractice', null);
    await expect.poll(tooltip).toMatch(/^Not set up yet\n/);
    expect(existsSync(join(work, 'data', 'settings.json'))).toBe(false);
    expect(hub.calls).toEqual([]);
  });
});

describe('a pause', () => {
  it('holds over a restart, ends when its time has come, and sleep counts', async () => {
    await hub.close();
    hub = await PracticeHub.start({ nextSyncAfter: 60_000, registrationToken: TOKEN });
    await startSetUp();
    await desktop.choose('Pause', '30 minutes');
    await hub.waitFor(() => callsOf('disconnect').length === 1);
    await expect.poll(tooltip).toMatch(/^Paused by you until (tomorrow )?\d\d:\d\d\n/);
    await app?.close();
    await startAgain();
    await expect.poll(tooltip).toMatch(/^Paused by you until /);
    await sleepFor(29);
    expect(callsOf('register')).toHaveLength(1);
    await sleepFor(2);
    await expect.poll(tooltip).toMatch(/^Ready for jobs\n/);
    expect(callsOf('register')).toHaveLength(2);
    expect(hub.violations).toEqual([]);
  });

  it('until tomorrow is until 8 in the morning, and nothing but its owner takes one without an end back', async () => {
    const page = await startSetUp();
    await command(page, 'pause', { kind: 'until-tomorrow' });
    await expect.poll(tooltip).toMatch(/^Paused by you until tomorrow 08:00\n/);
    await command(page, 'pause', { kind: 'until-resumed' });
    await expect.poll(tooltip).toMatch(/^Paused by you\n/);
    await sleepFor(10 * 24 * 60);
    expect((await ask(page, 'saveSettings', { name: 'renamed-agent' })).outcome).toBe('saved');
    await expect.poll(async () => (await ask(page, 'snapshot', null)).agentName).toBe('renamed-agent');
    await expect.poll(tooltip).toMatch(/^Paused by you\n/);
    expect(callsOf('register')).toHaveLength(1);
    await command(page, 'resume', null);
    await expect.poll(tooltip).toMatch(/^Ready for jobs\nConnected as renamed-agent/);
  });

  it('while on battery ends when the machine is on mains again', async () => {
    desktop.power = { onBattery: true, level: 80 };
    const page = await startSetUp();
    await command(page, 'pause', { kind: 'while-on-battery' });
    await expect.poll(tooltip).toMatch(/^Paused by you while on battery\n/);
    await sleepFor(1);
    expect(callsOf('register')).toHaveLength(1);
    desktop.power = { onBattery: false, level: 80 };
    await sleepFor(1);
    await expect.poll(tooltip).toMatch(/^Ready for jobs\n/);
    expect(callsOf('register')).toHaveLength(2);
  });

  it('of an option comes and goes with the battery', async () => {
    const page = await startSetUp();
    desktop.power = { onBattery: true, level: 80 };
    expect((await ask(page, 'saveSettings', { 'pause-on-battery': true })).outcome).toBe('saved');
    await expect.poll(tooltip).toMatch(/^Paused on battery\n/);
    desktop.power = { onBattery: false, level: 80 };
    await sleepFor(1);
    await expect.poll(tooltip).toMatch(/^Ready for jobs\n/);
  });
});

describe('a machine with a job', () => {
  it('is kept awake until the job has ended, and not below the level of the battery', async () => {
    await startSetUp({ XDG_CURRENT_DESKTOP: 'XFCE' });
    const id = hub.addJob(job('Long', waitForGo()));
    await expect.poll(() => desktop.inhibitors.size).toBe(1);
    writeFileSync(join(work, 'go'), '');
    await reported(id);
    await expect.poll(() => desktop.inhibitors.size).toBe(0);
    rmSync(join(work, 'go'));
    desktop.power = { onBattery: true, level: 10 };
    const second = hub.addJob(job('Low', 'echo low', waitForGo()));
    await hub.waitFor(() => hub.log(second).text.includes('low'));
    expect(desktop.inhibitors.size).toBe(0);
    writeFileSync(join(work, 'go'), '');
    await reported(second);
  });
});

describe('quitting while a job runs', () => {
  it('stays when it is not meant, and goes behind the job when it is', async () => {
    await startSetUp();
    const id = hub.addJob(job('Long', waitForGo()));
    await expect.poll(tooltip).toMatch(/^Running “Long”/);
    await answerDialogs(app as ElectronApplication, 'Cancel');
    await desktop.choose('Quit Signalbox');
    await answerDialogs(app as ElectronApplication, 'Finish the job and quit');
    await desktop.choose('Quit Signalbox');
    await expect.poll(tooltip).toMatch(/^Quitting after “Long”/);
    const closed = app?.waitForEvent('close');
    writeFileSync(join(work, 'go'), '');
    await closed;
    app = undefined;
    expect(hub.resultOf(id)).toBe('passed');
    expect(hub.connectedAgents).toBe(0);
  });

  it('is forced by a second quit, which stops the job and reports it', async () => {
    await startSetUp();
    const id = hub.addJob(job('Long', waitForGo()));
    await expect.poll(tooltip).toMatch(/^Running “Long”/);
    await answerDialogs(app as ElectronApplication, 'Finish the job and quit');
    await desktop.choose('Quit Signalbox');
    await expect.poll(tooltip).toMatch(/^Quitting after “Long”/);
    const closed = app?.waitForEvent('close');
    await desktop.choose('Quit Signalbox');
    await closed;
    app = undefined;
    expect(hub.resultOf(id)).toBe('stopped');
    expect(hub.connectedAgents).toBe(0);
  });

  it('asks nobody when the system ends it', async () => {
    await startSetUp();
    const id = hub.addJob(job('Long', waitForGo()));
    await expect.poll(tooltip).toMatch(/^Running “Long”/);
    const closed = app?.waitForEvent('close');
    app?.process().kill('SIGTERM');
    await closed;
    app = undefined;
    expect(hub.resultOf(id)).toBe('stopped');
    expect(hub.connectedAgents).toBe(0);
  });
});

describe('settings', () => {
  it('that change while a job runs apply behind it: some by themselves, some by a new registration', async () => {
    const page = await startSetUp();
    const first = hub.addJob(job('First', waitForGo(), 'echo "colour: $COLOUR"'));
    await expect.poll(tooltip).toMatch(/^Running “First”/);
    const both = await Promise.all([
      ask(page, 'saveSettings', { 'env-vars': ['COLOUR=green'] }),
      ask(page, 'saveSettings', { 'upload-job-logs': 'never' }),
    ]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['saved', 'saved']);
    expect((await ask(page, 'saveSettings', { 'interruption-grace-period': -1 })).problems).toEqual([
      { name: 'interruption-grace-period', problem: 'allowed is a whole number, not below 0' },
    ]);
    await ask(page, 'saveSettings', { name: 'another-agent' });
    expect((await ask(page, 'settings', null)).appliesAfterJob).toBe(true);
    await expect.poll(tooltip).toMatch(/^Connecting anew after “First”/);
    writeFileSync(join(work, 'go'), '');
    await reported(first);
    expect(hub.log(first).text).toContain('colour: \n');
    const second = hub.addJob(job('Second', 'echo "colour: $COLOUR"'));
    await reported(second);
    expect(hub.log(second).text).toContain('colour: green\n');
    expect([nameOf(0), nameOf(1), callsOf('register').length]).toEqual(['saved-agent', 'another-agent', 2]);
    const { settings } = await ask(page, 'settings', null);
    const origins = Object.fromEntries(settings.map(({ name, origin }) => [name, origin.source]));
    expect(origins).toMatchObject({ name: 'saved', 'env-vars': 'saved', files: 'default' });
    expect(origins['forked-pull-requests']).toBe('variable');
    expect(hub.violations).toEqual([]);
  });

  it('test a hook outside of any job, and say what is with its file', async () => {
    const page = await startSetUp();
    const path = join(work, 'hook.sh');
    expect((await ask(page, 'saveSettings', { 'pre-job-hook-path': path })).outcome).toBe('saved');
    expect((await ask(page, 'hookFile', { name: 'pre-job-hook-path' })).state).toBe('missing');
    writeFileSync(path, 'echo "from the hook"; exit 3\n', { mode: 0o755 });
    expect((await ask(page, 'hookFile', { name: 'pre-job-hook-path' })).state).toBe('fine');
    const run = await ask(page, 'testHook', { name: 'pre-job-hook-path' });
    expect(run).toMatchObject({ outcome: 'ended', exitCode: 3, output: 'from the hook' });
  });
});

describe('a hunt for secrets', () => {
  it('finds none in what the app writes, nor in what its processes were started with', async () => {
    const page = await startSetUp();
    const doomed = hub.addJob(job('Doomed', 'echo begun; sleep 300'));
    await hub.waitFor(() => hub.log(doomed).text.includes('begun\n'));
    process.kill((JSON.parse(callsOf('register')[0]?.body ?? '{}') as { pid: number }).pid, 'SIGKILL');
    await reported(doomed);
    const fine = hub.addJob(job('Fine', 'echo fine; env | sort | grep -v JOB_SECRET'));
    await reported(fine);
    await app?.evaluate(
      ({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath });
      },
      join(work, 'export.yaml'),
    );
    expect((await ask(page, 'exportSettings', { withToken: false, reader: 'signalbox' })).outcome).toBe('saved');
    await desktop.choose('Diagnostics', 'Copy report');
    const report = () => app?.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(report).toContain('saved-agent');
    const secrets = [TOKEN, LOG_TOKEN, JOB_SECRET, keptAccessToken()];
    for (const secret of secrets) expect(await report()).not.toContain(secret);
    for (const secret of secrets) expect(hub.log(fine).text).not.toContain(secret);

    expect(processesNaming(app?.process().pid ?? 0, secrets)).toEqual([]);
    const told = filesBelow(work).filter((path) => secrets.some((secret) => readFileSync(path).includes(secret)));
    expect(told).toEqual([]);
    // Where the system keeps no secrets these two hold them, and only their owner can read them.
    for (const name of ['settings.json', 'session.json'])
      expect(statSync(join(work, 'data', name)).mode & 0o777, name).toBe(0o600);
    expect((await ask(page, 'settings', null)).secretStore).toBe('none');
  });
});

/** Of the session that is kept for the next agent. */
function keptAccessToken(): string {
  const { text } = JSON.parse(readFileSync(join(work, 'data', 'session.json'), 'utf8')) as { text: string };
  return (JSON.parse(Buffer.from(text, 'base64').toString()) as { accessToken: string }).accessToken;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
