import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { startSetUp } from '../desktop/set-up-app.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });
const waitForGo = () => `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`;

describe('quitting while a job runs', () => {
  it('stays when it is not meant, and goes behind the job when it is', async () => {
    await startSetUp(journey);
    const id = journey.hub.addJob(job('Long', waitForGo()));
    await expect.poll(() => journey.tooltip()).toMatch(/^Running “Long”/);
    await answerDialogs(journey.app, 'Cancel');
    await journey.desktop.choose('Quit Signalbox');
    await answerDialogs(journey.app, 'Finish the job and quit');
    await journey.desktop.choose('Quit Signalbox');
    await expect.poll(() => journey.tooltip()).toMatch(/^Quitting after “Long”/);
    const closed = journey.appClosed();
    writeFileSync(join(journey.work, 'go'), '');
    await closed;
    expect(journey.hub.resultOf(id)).toBe('passed');
    expect(journey.hub.connectedAgents).toBe(0);
  });

  it('stops the job and reports it where that is the answer', async () => {
    await startSetUp(journey);
    const id = journey.hub.addJob(job('Long', waitForGo()));
    await expect.poll(() => journey.tooltip()).toMatch(/^Running “Long”/);
    await answerDialogs(journey.app, 'Stop the job and quit');
    const closed = journey.appClosed();
    await journey.desktop.choose('Quit Signalbox');
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(journey.hub.connectedAgents).toBe(0);
  });

  it('is forced by a second quit, which stops the job and reports it', async () => {
    await startSetUp(journey);
    const id = journey.hub.addJob(job('Long', waitForGo()));
    await expect.poll(() => journey.tooltip()).toMatch(/^Running “Long”/);
    await answerDialogs(journey.app, 'Finish the job and quit');
    await journey.desktop.choose('Quit Signalbox');
    await expect.poll(() => journey.tooltip()).toMatch(/^Quitting after “Long”/);
    const closed = journey.appClosed();
    await journey.desktop.choose('Quit Signalbox');
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(journey.hub.connectedAgents).toBe(0);
  });

  it('asks nobody when the system ends it', async () => {
    await startSetUp(journey);
    const id = journey.hub.addJob(job('Long', waitForGo()));
    await expect.poll(() => journey.tooltip()).toMatch(/^Running “Long”/);
    const closed = journey.appClosed();
    journey.app.process().kill('SIGTERM');
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(journey.hub.connectedAgents).toBe(0);
  });
});

describe('quitting an agent without a job', () => {
  it('disconnects it', async () => {
    await journey.start();
    await journey.desktop.trayItem();
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs/);
    const closed = journey.appClosed();
    await journey.desktop.choose('Quit Signalbox');
    await closed;
    expect(journey.hub.connectedAgents).toBe(0);
  });
});
