import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsFor, startAppAgain } from '../desktop/app.ts';
import { appJourney, NOT_SET_UP, shellJob } from '../desktop/app-journey.ts';
import { savePictures } from '../desktop/pictures.ts';
import { isAlive, renderersOf } from '../desktop/processes.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });

describe('a start', () => {
  it('shows the window where there is no tray, even at login: the app never runs invisibly', async () => {
    await journey.loseTray();
    await journey.start(['--hidden']);
    const page = await journey.window();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await page.getByText('This desktop has no tray').waitFor();
    await savePictures('no-tray', journey.desktop, page);
    expect(journey.desktop.trayItems).toBe(0);
  });

  it('that is the second one shows the window of the first, whose agent stayed when it was closed', async () => {
    const page = await journey.startWithWindow();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await page.close();
    const id = journey.hub.addJob(job('Unseen', 'echo unseen'));
    await journey.reported(id);
    const shown = journey.app.waitForEvent('window');
    await startAppAgain(journey.desktop, journey.work);
    await (await shown).getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  });

  it('of another one before the first is ready leaves the first, which shows its window', async () => {
    const settings = settingsFor(journey.hub);
    const stayed = journey.spawn({ settings });
    const profile = join(journey.work, 'data');
    await expect.poll(() => existsSync(profile) && readdirSync(profile)).toContain('SingletonLock');
    expect(await journey.spawn({ settings }).ended).toBe(0);
    await expect.poll(() => renderersOf(stayed.pid)).toHaveLength(1);
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
    expect(journey.desktop.trayItems).toBe(1);
    expect(journey.hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
    await journey.desktop.choose('Quit Signalbox');
    expect(await stayed.ended).toBe(0);
    expect(journey.hub.connectedAgents).toBe(0);
  });

  it('with another profile is an app of its own', async () => {
    await journey.start();
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\nConnected as desktop-agent/);
    const settings = { ...settingsFor(journey.hub), SEMAPHORE_AGENT_NAME: 'another-agent' };
    const other = journey.spawn({ profile: 'another', settings });
    // The desktop shows the tray of the one that came last.
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\nConnected as another-agent/);
    expect(journey.hub.connectedAgents).toBe(2);
    await journey.desktop.choose('Pause', 'Until I resume');
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    expect(journey.hub.connectedAgents).toBe(1);
    await journey.reported(journey.hub.addJob(job('Of the first', 'echo here')));
    expect(readFileSync(join(journey.work, 'another', 'presence.json'), 'utf8')).toContain('"paused"');
    expect(existsSync(join(journey.work, 'data', 'presence.json'))).toBe(false);
    await journey.closeApp();
    expect(isAlive(other.pid)).toBe(true);
    await journey.desktop.choose('Quit Signalbox');
    expect(await other.ended).toBe(0);
  });

  it.each([
    ['set up', {}, /^Ready for jobs\n/],
    ['not set up', NOT_SET_UP, /^Not set up yet\n/],
  ])('at login shows no window of an app that is %s', async (_how, settings, tooltip) => {
    await journey.start(['--hidden'], settings);
    await journey.desktop.trayItem();
    await expect.poll(() => journey.tooltip()).toMatch(tooltip);
    expect(journey.app.windows()).toEqual([]);
    const shown = journey.app.waitForEvent('window');
    await journey.desktop.openWindow();
    await shown;
  });
});
