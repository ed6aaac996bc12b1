import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs, dialogAnswered, shownDialogs } from '../desktop/dialogs.ts';
import type { MenuEntry } from '../desktop/menu-entry.ts';
import { savePictures } from '../desktop/pictures.ts';

const journey = appJourney({ nextSyncAfter: 100 });

const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });
const text = ({ label, enabled }: MenuEntry) => (enabled ? label : `[${label}]`);

/** The menu as it is on the bus, once its first line is this one: lines of the state, then the items that depend on it. */
async function menuOnceIts(headline: RegExp) {
  await expect.poll(async () => (await journey.desktop.menu())[0]?.label ?? '').toMatch(headline);
  const menu = await journey.desktop.menu();
  const at = menu.findIndex(({ label }) => label.startsWith('Stop current job'));
  await savePictures(
    `tray-${menu[at - 1]?.label}-${menu[0]?.label.split(' ')[0]}`.replaceAll(' ', '-'),
    journey.desktop,
  );
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
  expect(journey.desktop.trayItems).toBe(1);
  return [menu[at - 1], menu[at], menu.at(-2)].map((entry) => (entry ? text(entry) : ''));
}
const line = async (at: number) => (await journey.desktop.menu())[at]?.label;
const NO_JOB = '[Stop current job… (no job runs)]';

describe("the tray's menu", () => {
  it('is right in every state of a connected agent, and the icon is never made anew', async () => {
    journey.hub.injectFault({ on: 'register', times: 1_000, reset: true });
    await journey.start();
    await journey.desktop.trayItem();
    expect(await menuOnceIts(/^Connecting to 127/)).toEqual(['Pause', NO_JOB, 'Disconnect']);
    journey.hub.mend();
    // Behind a sleep the next try is not waited for.
    await journey.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
    expect(await menuOnceIts(/^Ready for jobs$/)).toEqual(['Pause', NO_JOB, 'Disconnect']);
    const [pause] = (await journey.desktop.menu()).filter(({ label }) => label === 'Pause');
    expect(pause?.items.map(text)).toEqual([
      'Until I resume',
      '30 minutes',
      '1 hour',
      'Until tomorrow',
      'While on battery',
    ]);

    const id = journey.hub.addJob(
      job('Long', 'trap "" TERM', `echo begun; until [ -f ${journey.work}/go ]; do sleep 0.05; done`),
    );
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    const running = await menuOnceIts(/^Running “Long”$/);
    expect(running).toEqual(['Pause after current job', 'Stop current job…', 'Disconnect…']);
    await expect.poll(() => line(1)).toMatch(/^\d+ s · command 2 of 2: echo begun/);
    await journey.desktop.choose('Pause after current job', 'Until I resume');
    expect(await menuOnceIts(/^Pausing after “Long”$/)).toEqual(['Cancel pause', 'Stop current job…', 'Disconnect…']);
    await journey.desktop.choose('Cancel pause');
    expect(await menuOnceIts(/^Running “Long”$/)).toEqual(running);
    journey.hub.injectFault({ on: 'sync', times: 1_000, status: 503 });
    expect(await menuOnceIts(/^Offline since/)).toEqual(running);
    journey.hub.mend();
    await menuOnceIts(/^Running “Long”$/);
    journey.hub.stopJob(id);
    expect(await menuOnceIts(/^Stopping “Long”$/)).toEqual([
      'Pause after current job',
      '[Stop current job… (it is being stopped)]',
      'Disconnect…',
    ]);
    writeFileSync(join(journey.work, 'go'), '');
    await menuOnceIts(/^Ready for jobs$/);
    await expect.poll(() => line(2)).toMatch(/^Last: “Long” stopped · \d\d:\d\d$/);
    await journey.desktop.choose('Pause', 'Until I resume');
    expect(await menuOnceIts(/^Paused by you$/)).toEqual(['Resume', NO_JOB, 'Disconnect']);
    await journey.desktop.choose('Disconnect');
    expect(await menuOnceIts(/^Disconnected$/)).toEqual(['Connect', NO_JOB, '[Disconnect (not connected)]']);
    await journey.desktop.choose('Connect');
    await menuOnceIts(/^Ready for jobs$/);
    expect(journey.hub.violations).toEqual([]);
  });

  it('is right where the hub refuses the token', async () => {
    await journey.start([], { SEMAPHORE_AGENT_TOKEN: 'wrong-token' });
    await journey.desktop.trayItem();
    expect(await menuOnceIts(/^The registration token was refused$/)).toEqual([
      'Try again',
      NO_JOB,
      '[Disconnect (not connected)]',
    ]);
  });

  it('is right where nothing is set up yet', async () => {
    await journey.start([], { SEMAPHORE_AGENT_ENDPOINT: '' });
    await journey.desktop.trayItem();
    expect(await menuOnceIts(/^Not set up yet$/)).toEqual([
      '[Connect (not set up yet)]',
      NO_JOB,
      '[Disconnect (not connected)]',
    ]);
  });

  it('stops a job after a question, shows hooks, and copies a report without secrets', async () => {
    const hook = join(journey.work, 'hook & more.sh');
    writeFileSync(hook, 'echo hooked');
    await journey.start([], {
      SEMAPHORE_AGENT_PRE_JOB_HOOK_PATH: hook,
      SEMAPHORE_AGENT_POST_JOB_HOOK_PATH: join(journey.work, 'missing.sh'),
    });
    const id = journey.hub.addJob(job('A & B', 'echo begun; sleep 300'));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    await expect.poll(async () => (await journey.desktop.menu())[0]?.label).toBe('Running “A & B”');
    const itemsOf = async (menu: string) =>
      (await journey.desktop.menu()).find(({ label }) => label === menu)?.items.map(text);
    await expect
      .poll(() => itemsOf('Hooks'))
      .toEqual([
        `Pre-job: ${hook} ✓`,
        `Post-job: ${join(journey.work, 'missing.sh')} (missing)`,
        'Shutdown: none',
        'Change…',
      ]);
    await answerDialogs(journey.app, 'Cancel');
    await journey.desktop.choose('Stop current job…');
    await dialogAnswered(journey.app);
    await answerDialogs(journey.app, 'Stop the job');
    await journey.desktop.choose('Stop current job…');
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('stopped');

    await journey.desktop.choose('Diagnostics', 'Copy report');
    const report = () => journey.app.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(report).toContain('Registered as desktop-agent');
    expect(await report()).toMatch(/^Electron: \d+/m);
    expect(await report()).toContain('token: from the variable SEMAPHORE_AGENT_TOKEN');
    expect(await report()).not.toContain(journey.hub.registrationToken);
  });

  it('runs checks, shows what they found, copies all of it, and puts it into the report', async () => {
    await journey.start([], { SEMAPHORE_AGENT_PRE_JOB_HOOK_PATH: join(journey.work, 'missing.sh') });
    const copied = () => journey.app.evaluate(({ clipboard }) => clipboard.readText());
    await journey.desktop.trayItem();
    await answerDialogs(journey.app, 'Copy');
    await journey.desktop.choose('Diagnostics', 'Run checks');
    await expect.poll(copied).toMatch(/No job could run here yet \(\d+ checks\)\n$/);
    expect(await copied()).toContain(
      `✓ hub: ${journey.hub.endpoint} takes the token; 0 jobs wait for agents of this type\n`,
    );
    const [shown, ...more] = await shownDialogs(journey.app);
    expect(more).toEqual([]);
    expect(shown?.message).toBe('No job could run here yet');
    expect(shown?.detail).toContain(`✗ hooks: pre-job-hook-path: there is no ${join(journey.work, 'missing.sh')}\n`);
    expect(shown?.detail).toContain('    → correct pre-job-hook-path, or put the script there');
    expect(shown?.detail).not.toContain('✓');
    await expect
      .poll(async () => (await journey.desktop.menu()).find(({ label }) => label === 'Diagnostics')?.items.map(text))
      .toEqual(['Copy report', 'Open agent log', 'Run checks']);
    await journey.desktop.choose('Diagnostics', 'Copy report');
    await expect.poll(copied).toContain('## Checks, as they were last run\n✓ versions: Signalbox ');
    expect(await copied()).not.toContain(journey.hub.registrationToken);
  });

  it('says which rule of the job policy refused a job', async () => {
    await journey.start([], { SEMAPHORE_AGENT_FORKED_PULL_REQUESTS: '' });
    const touched = join(journey.work, 'touched');
    const fork = {
      SEMAPHORE_JOB_NAME: 'From afar',
      SEMAPHORE_GIT_REF_TYPE: 'pull-request',
      SEMAPHORE_GIT_PR_SLUG: 'stranger/shop',
      SEMAPHORE_GIT_REPO_SLUG: 'acme/shop',
    };
    const id = journey.hub.addJob(shellJob([`touch ${touched}`], fork));
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('failed');
    expect(journey.hub.log(id).text).toContain(
      'Refused by forked-pull-requests: it is a pull request from the fork stranger/shop',
    );
    expect(existsSync(touched)).toBe(false);
    await expect.poll(() => line(2)).toMatch(/^Last: “From afar” was refused by forked-pull-requests · /);
    const allowed = journey.hub.addJob(shellJob(['true'], { SEMAPHORE_GIT_REF_TYPE: 'branch' }));
    await journey.reported(allowed);
    expect(journey.hub.resultOf(allowed)).toBe('passed');
  });
});
