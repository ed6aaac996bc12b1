import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { startSetUp } from '../desktop/set-up-app.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });
const waitForGo = () => `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`;

/** Starts the app and a job that ends when it is told to; resolves with the job's id when the tray shows that it runs. */
async function startLongJob(): Promise<string> {
  await startSetUp(journey);
  const id = journey.hub.addJob(job('Long', waitForGo()));
  await expect.poll(() => journey.tooltip()).toMatch(/^Running “Long”/);
  return id;
}

describe('quitting while a job runs', () => {
  it('stays when it is not meant, and goes behind the job when it is', async () => {
    const id = await startLongJob();
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
    const id = await startLongJob();
    await answerDialogs(journey.app, 'Stop the job and quit');
    const closed = journey.appClosed();
    await journey.desktop.choose('Quit Signalbox');
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(journey.hub.connectedAgents).toBe(0);
  });

  it('may be taken back while the job goes on, and is asked about anew', async () => {
    const id = await startLongJob();
    await answerDialogs(journey.app, 'Finish the job and quit');
    await journey.desktop.choose('Quit Signalbox');
    await expect.poll(() => journey.tooltip()).toMatch(/^Quitting after “Long”\nSignalbox quits when the job ends/);
    await journey.desktop.choose('Don’t quit');
    await expect.poll(() => journey.tooltip()).toMatch(/^Running “Long”/);
    await journey.desktop.choose('Quit Signalbox');
    await expect.poll(() => journey.tooltip()).toMatch(/^Quitting after “Long”/);
    const closed = journey.appClosed();
    writeFileSync(join(journey.work, 'go'), '');
    await closed;
    expect(journey.hub.resultOf(id)).toBe('passed');
  });

  it('is forced by a second quit, which stops the job and reports it', async () => {
    const id = await startLongJob();
    await answerDialogs(journey.app, 'Finish the job and quit');
    await journey.desktop.choose('Quit Signalbox');
    await expect.poll(() => journey.tooltip()).toMatch(/^Quitting after “Long”/);
    const closed = journey.appClosed();
    await journey.desktop.choose('Quit Signalbox');
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(journey.hub.connectedAgents).toBe(0);
  });

  it.each([
    ['ends it by a signal', () => void journey.app.process().kill('SIGTERM')],
    ['is about to go down', () => journey.desktop.announceShutdown()],
  ])('asks nobody when the system %s', async (_how, end) => {
    await startSetUp(journey);
    const told = 'trap "echo told to end; exit 1" TERM; echo begun; sleep 300 & wait';
    const id = journey.hub.addJob(job('Long', `bash -c '${told}'`));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    const closed = journey.appClosed();
    end();
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(journey.hub.log(id).text).toContain('told to end\n');
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
