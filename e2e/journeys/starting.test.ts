import { describe, expect, it } from 'vitest';
import { startAppAgain } from '../desktop/app.ts';
import { appJourney, NOT_SET_UP, shellJob } from '../desktop/app-journey.ts';
import { savePictures } from '../desktop/pictures.ts';

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
