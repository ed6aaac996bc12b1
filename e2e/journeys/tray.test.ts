import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startApp } from '../desktop/app.ts';
import { answerDialogs, shownDialogs } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';
import { type MenuEntry, TestDesktop } from '../desktop/test-desktop.ts';

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

const variable = (name: string, value: string) => ({ name, value: Buffer.from(value).toString('base64') });
const job = (name: string, ...commands: string[]) => ({
  executor: 'shell',
  env_vars: [variable('SEMAPHORE_JOB_NAME', name)],
  commands: commands.map((directive) => ({ directive })),
});
const text = ({ label, enabled }: MenuEntry) => (enabled ? label : `[${label}]`);

/** The menu as it is on the bus, once its first line is this one: lines of the state, then the items that depend on it. */
async function menuOnceIts(headline: RegExp) {
  await expect.poll(async () => (await desktop.menu())[0]?.label ?? '').toMatch(headline);
  const menu = await desktop.menu();
  const at = menu.findIndex(({ label }) => label.startsWith('Stop current job'));
  await savePictures(`tray-${menu[at - 1]?.label}-${menu[0]?.label.split(' ')[0]}`.replaceAll(' ', '-'), desktop);
  const fixed = menu.slice(at + 1, -2).map(({ label }) => label.replace(/ \(.*\)$/, ''));
  expect(fixed).toEqual([
    'Keep awake while a job runs',
    'Open log',
    'History',
    'Open on Semaphore',
    'Hooks',
    'Settings…',
    'Diagnostics',
  ]);
  expect(menu.at(-1)?.label).toBe('Quit Signalbox');
  expect(desktop.trayItems).toBe(1);
  return [menu[at - 1], menu[at], menu.at(-2)].map((entry) => (entry ? text(entry) : ''));
}
const NO_JOB = '[Stop current job… (no job runs)]';

describe("the tray's menu", () => {
  it('is right in every state of a connected agent, and the icon is never made anew', async () => {
    hub.injectFault({ on: 'register', reset: true });
    app = await startApp(desktop, hub, work);
    await desktop.trayItem();
    expect(await menuOnceIts(/^Connecting to 127/)).toEqual(['Pause', NO_JOB, 'Disconnect']);
    expect(await menuOnceIts(/^Ready for jobs$/)).toEqual(['Pause', NO_JOB, 'Disconnect']);
    const [pause] = (await desktop.menu()).filter(({ label }) => label === 'Pause');
    expect(pause?.items.map(text)).toEqual([
      'Until I resume',
      '30 minutes',
      '1 hour',
      'Until tomorrow',
      'While on battery',
    ]);

    const id = hub.addJob(job('Long', 'trap "" TERM', `echo begun; until [ -f ${work}/go ]; do sleep 0.05; done`));
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    const running = await menuOnceIts(/^Running “Long”$/);
    expect(running).toEqual(['Pause after current job', 'Stop current job…', 'Disconnect…']);
    expect((await desktop.menu())[1]?.label).toMatch(/^\d+ s · command 2 of 2: echo begun/);
    await desktop.choose('Pause after current job', 'Until I resume');
    expect(await menuOnceIts(/^Pausing after “Long”$/)).toEqual(['Resume', 'Stop current job…', 'Disconnect…']);
    await desktop.choose('Resume');
    expect(await menuOnceIts(/^Running “Long”$/)).toEqual(running);
    hub.injectFault({ on: 'sync', times: 1_000, status: 503 });
    expect(await menuOnceIts(/^Offline since/)).toEqual(running);
    hub.mend();
    await menuOnceIts(/^Running “Long”$/);
    hub.stopJob(id);
    expect(await menuOnceIts(/^Stopping “Long”$/)).toEqual([
      'Pause after current job',
      '[Stop current job… (it is being stopped)]',
      'Disconnect…',
    ]);
    writeFileSync(join(work, 'go'), '');
    await menuOnceIts(/^Ready for jobs$/);
    expect((await desktop.menu())[2]?.label).toMatch(/^Last: “Long” stopped · \d\d:\d\d$/);
    await desktop.choose('Pause', 'Until I resume');
    expect(await menuOnceIts(/^Paused by you$/)).toEqual(['Resume', NO_JOB, 'Disconnect']);
    await desktop.choose('Disconnect');
    expect(await menuOnceIts(/^Disconnected$/)).toEqual(['Connect', NO_JOB, '[Disconnect (not connected)]']);
    await desktop.choose('Connect');
    await menuOnceIts(/^Ready for jobs$/);
    expect(hub.violations).toEqual([]);
  });

  it('is right where the hub refuses the token', async () => {
    app = await startApp(desktop, hub, work, [], { SEMAPHORE_AGENT_TOKEN: 'wrong-token' });
    await desktop.trayItem();
    expect(await menuOnceIts(/^Semaphore refused this agent$/)).toEqual([
      'Connect',
      NO_JOB,
      '[Disconnect (not connected)]',
    ]);
  });

  it('is right where nothing is set up yet', async () => {
    app = await startApp(desktop, hub, work, [], { SEMAPHORE_AGENT_ENDPOINT: '' });
    await desktop.trayItem();
    expect(await menuOnceIts(/^Not set up yet$/)).toEqual([
      '[Connect (not set up yet)]',
      NO_JOB,
      '[Disconnect (not connected)]',
    ]);
  });

  it('stops a job after a question, shows hooks, and copies a report without secrets', async () => {
    const hook = join(work, 'hook & more.sh');
    writeFileSync(hook, 'echo hooked');
    app = await startApp(desktop, hub, work, [], {
      SEMAPHORE_AGENT_PRE_JOB_HOOK_PATH: hook,
      SEMAPHORE_AGENT_POST_JOB_HOOK_PATH: join(work, 'missing.sh'),
    });
    const id = hub.addJob(job('A & B', 'echo begun; sleep 300'));
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    await expect.poll(async () => (await desktop.menu())[0]?.label).toBe('Running “A & B”');
    const hooks = (await desktop.menu()).find(({ label }) => label === 'Hooks');
    expect(hooks?.items.map(text)).toEqual([
      `Pre-job: ${hook} ✓`,
      `Post-job: ${join(work, 'missing.sh')} (missing)`,
      'Shutdown: none',
      'Change…',
    ]);
    await answerDialogs(app, 'Cancel');
    await desktop.choose('Stop current job…');
    await answerDialogs(app, 'Stop the job');
    await desktop.choose('Stop current job…');
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    expect(hub.resultOf(id)).toBe('stopped');

    await desktop.choose('Diagnostics', 'Copy report');
    const report = () => app?.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(report).toContain('Registered as desktop-agent');
    expect(await report()).toMatch(/^Electron: \d+/m);
    expect(await report()).toContain('token: from the variable SEMAPHORE_AGENT_TOKEN');
    expect(await report()).not.toContain(hub.registrationToken);
  });

  it('runs checks, shows what they found, copies all of it, and puts it into the report', async () => {
    app = await startApp(desktop, hub, work, [], { SEMAPHORE_AGENT_PRE_JOB_HOOK_PATH: join(work, 'missing.sh') });
    const copied = () => app?.evaluate(({ clipboard }) => clipboard.readText());
    await desktop.trayItem();
    await answerDialogs(app, 'Copy');
    await desktop.choose('Diagnostics', 'Run checks');
    await expect.poll(copied).toMatch(/No job could run here yet \(\d+ checks\)\n$/);
    expect(await copied()).toContain(`✓ hub: ${hub.endpoint} takes the token; 0 jobs wait for agents of this type\n`);
    const [shown, ...more] = await shownDialogs(app);
    expect(more).toEqual([]);
    expect(shown?.message).toBe('No job could run here yet');
    expect(shown?.detail).toContain(
      `✗ hooks: pre-job-hook-path: ${join(work, 'missing.sh')} cannot be read (ENOENT)\n`,
    );
    expect(shown?.detail).toContain('    → correct pre-job-hook-path, or put the script there');
    expect(shown?.detail).not.toContain('✓');
    await expect
      .poll(async () => (await desktop.menu()).find(({ label }) => label === 'Diagnostics')?.items.map(text))
      .toEqual(['Copy report', 'Open agent log', 'Run checks']);
    await desktop.choose('Diagnostics', 'Copy report');
    await expect.poll(copied).toContain('## Checks, as they were last run\n✓ versions: Signalbox ');
    expect(await copied()).not.toContain(hub.registrationToken);
  });

  it('says which rule of the job policy refused a job', async () => {
    app = await startApp(desktop, hub, work, [], { SEMAPHORE_AGENT_FORKED_PULL_REQUESTS: '' });
    const fork = job('From afar', `touch ${join(work, 'touched')}`);
    const variables = [
      variable('SEMAPHORE_GIT_REF_TYPE', 'pull-request'),
      variable('SEMAPHORE_GIT_PR_SLUG', 'stranger/shop'),
      variable('SEMAPHORE_GIT_REPO_SLUG', 'acme/shop'),
    ];
    const id = hub.addJob({ ...fork, env_vars: [...fork.env_vars, ...variables] });
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    expect(hub.resultOf(id)).toBe('failed');
    expect(hub.log(id).text).toContain(
      'Refused by forked-pull-requests: it is a pull request from the fork stranger/shop',
    );
    const last = async () => (await desktop.menu())[2]?.label;
    await expect.poll(last).toMatch(/^Last: “From afar” was refused by forked-pull-requests · /);
    const own = job('At home', 'true');
    const allowed = hub.addJob({ ...own, env_vars: [...own.env_vars, variable('SEMAPHORE_GIT_REF_TYPE', 'branch')] });
    await hub.waitFor(() => hub.resultOf(allowed) !== undefined);
    expect(hub.resultOf(allowed)).toBe('passed');
  });
});
