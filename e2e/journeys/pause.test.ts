import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { savePictures } from '../desktop/pictures.ts';
import { sendSignal } from '../desktop/processes.ts';
import { startAgain, startSetUp } from '../desktop/set-up-app.ts';
import { ask, command } from '../desktop/window-caller.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });
const waitForGo = () => `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`;
const callsOf = (kind: string) => journey.hub.calls.filter((call) => call.kind === kind);

/** The clock of the main process goes forward, as it does while a machine sleeps. */
async function sleepFor(minutes: number): Promise<void> {
  await journey.app.evaluate(({ powerMonitor }, ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
    powerMonitor.emit('resume');
  }, minutes * 60_000);
}

/** A registration that is on its way when the machine wakes is given up, and tried again. */
async function expectRegisteredAgain(): Promise<void> {
  await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
  expect(callsOf('register').at(-1)?.status).toBe(201);
  expect(callsOf('register').length).toBeGreaterThan(1);
}

describe('a pause', () => {
  it('holds over a restart, ends when its time has come, and sleep counts', async () => {
    await journey.changeHub({ nextSyncAfter: 60_000 });
    await startSetUp(journey);
    await journey.desktop.choose('Pause', '30 minutes');
    await journey.hub.waitFor(() => callsOf('disconnect').length === 1);
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you until (tomorrow )?\d\d:\d\d\n/);
    await journey.closeApp();
    await startAgain(journey);
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you until /);
    await sleepFor(29);
    expect(callsOf('register')).toHaveLength(1);
    await sleepFor(2);
    await expectRegisteredAgain();
    expect(journey.hub.violations).toEqual([]);
  });

  it('until tomorrow is until 8 in the morning, and nothing but its owner takes one without an end back', async () => {
    const page = await startSetUp(journey);
    await command(page, 'pause', { kind: 'until-tomorrow' });
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you until tomorrow 08:00\n/);
    await command(page, 'pause', { kind: 'until-resumed' });
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    await sleepFor(10 * 24 * 60);
    expect((await ask(page, 'saveSettings', { name: 'renamed-agent' })).outcome).toBe('saved');
    await expect.poll(async () => (await ask(page, 'snapshot', null)).agentName).toBe('renamed-agent');
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    expect(callsOf('register')).toHaveLength(1);
    await command(page, 'resume', null);
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\nConnected as renamed-agent/);
  });

  it('is kept when the agent is killed, and by the next one', async () => {
    const page = await startSetUp(journey);
    await command(page, 'pause', { kind: 'until-resumed' });
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    const [killed] = journey.agentPids;
    sendSignal('SIGKILL', killed);
    await expect.poll(() => journey.agentPids.filter((pid) => pid !== killed)).toHaveLength(1);
    await expect.poll(async () => (await ask(page, 'snapshot', null)).notice?.text).toMatch(/^The agent crashed/);
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    expect(callsOf('register')).toHaveLength(1);
    await command(page, 'resume', null);
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
    expect(callsOf('register')).toHaveLength(2);
  });

  it('is one where the wish that was kept cannot be read, until its owner takes it back', async () => {
    await startSetUp(journey);
    await journey.desktop.choose('Pause', 'Until I resume');
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    await journey.closeApp();
    const kept = join(journey.work, 'data', 'presence.json');
    expect(readFileSync(kept, 'utf8')).toContain('"paused"');
    writeFileSync(kept, '{"version":1,"wi');
    // The file stays as it is, and so does the pause, at the start behind the next one too.
    for (const isLast of [false, true]) {
      const page = await startAgain(journey);
      await page.getByRole('alert').getByText('Whether you had paused could not be read').waitFor();
      await page.getByRole('heading', { name: 'Paused by you' }).waitFor();
      await expect.poll(async () => (await ask(page, 'snapshot', null)).agentName).toBe('saved-agent');
      expect(callsOf('register')).toHaveLength(1);
      if (!isLast) await journey.closeApp();
    }
    await journey.desktop.choose('Resume');
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
    expect(callsOf('register')).toHaveLength(2);
    expect(readFileSync(kept, 'utf8')).toContain('"connected"');
  });

  it('is over only when the hub gives the name again, and says what is waited for', async () => {
    const page = await startSetUp(journey);
    await journey.desktop.choose('Pause', 'Until I resume');
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    const body = 'Agent name has already been taken';
    journey.hub.injectFault({ on: 'register', times: 1_000, status: 400, body });
    await journey.desktop.choose('Resume');
    await expect
      .poll(() => journey.tooltip())
      .toMatch(/^Connecting to .*\nAttempt \d, next try in \d s · .*already been taken/);
    await page.getByText(body).first().waitFor();
    await savePictures('name-still-held', journey.desktop, page);
    journey.hub.mend();
    // Behind a sleep the next try is not waited for.
    await sleepFor(0);
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
    const statuses = callsOf('register').map(({ status }) => status);
    expect([statuses.at(0), ...new Set(statuses.slice(1, -1)), statuses.at(-1)]).toEqual([201, 400, 201]);
    expect(journey.hub.violations).toEqual([]);
  });

  it('while on battery ends when the machine is on mains again', async () => {
    journey.desktop.power = { onBattery: true, level: 80 };
    const page = await startSetUp(journey);
    await command(page, 'pause', { kind: 'while-on-battery' });
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you while on battery\n/);
    await sleepFor(1);
    expect(callsOf('register')).toHaveLength(1);
    journey.desktop.power = { onBattery: false, level: 80 };
    await sleepFor(1);
    await expectRegisteredAgain();
  });

  it('of an option comes and goes with the battery', async () => {
    const page = await startSetUp(journey);
    journey.desktop.power = { onBattery: true, level: 80 };
    expect((await ask(page, 'saveSettings', { 'pause-on-battery': true })).outcome).toBe('saved');
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused on battery\n/);
    journey.desktop.power = { onBattery: false, level: 80 };
    await sleepFor(1);
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
  });
});

describe('a machine with a job', () => {
  it('is kept awake until the job has ended, and not below the level of the battery', async () => {
    await startSetUp(journey, { XDG_CURRENT_DESKTOP: 'XFCE' });
    const id = journey.hub.addJob(job('Long', waitForGo()));
    await expect.poll(() => journey.desktop.inhibitors.size).toBe(1);
    writeFileSync(join(journey.work, 'go'), '');
    await journey.reported(id);
    await expect.poll(() => journey.desktop.inhibitors.size).toBe(0);
    rmSync(join(journey.work, 'go'));
    journey.desktop.power = { onBattery: true, level: 10 };
    const second = journey.hub.addJob(job('Low', 'echo low', waitForGo()));
    await journey.hub.waitFor(() => journey.hub.log(second).text.includes('low'));
    expect(journey.desktop.inhibitors.size).toBe(0);
    writeFileSync(join(journey.work, 'go'), '');
    await journey.reported(second);
  });
});
