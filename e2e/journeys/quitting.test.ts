import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs, dialogAnswered } from '../desktop/dialogs.ts';
import { isAlive, processesBelow, sendSignal } from '../desktop/processes.ts';
import { startSetUp } from '../desktop/set-up-app.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });
const waitForGo = () => `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`;

/** What systemd ends at a log-off, and a terminal by Ctrl-C: not the main process alone. */
const allPids = () =>
  ['zygote', 'utility', 'renderer'].flatMap((type) => processesBelow(journey.mainPid, `--type=${type}`));
/** One that has gone with another one is no fault. */
const terminate = (pid: number) => isAlive(pid) && sendSignal('SIGTERM', pid);

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
    await dialogAnswered(journey.app);
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
    ['ends each of its processes by a signal', () => [...allPids(), journey.mainPid].forEach(terminate)],
    ['is about to go down', () => journey.desktop.announceShutdown()],
  ])('asks nobody when the system %s', async (_how, end) => {
    await startSetUp(journey);
    const asked = join(journey.work, 'asked');
    // The job's shell is asked by SIGHUP and passes that on; what is printed when it is gone is nobody's output.
    const told = `trap "" HUP; trap "touch ${asked}; exit 1" TERM; echo begun; sleep 300 & wait`;
    const id = journey.hub.addJob(job('Long', `bash -c '${told}'`));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    const closed = journey.appClosed();
    end();
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(existsSync(asked)).toBe(true);
    expect(journey.hub.connectedAgents).toBe(0);
  });
});

describe('a job that does not let itself be ended', () => {
  /** Starts the app and such a job. Resolves with the job's id when it runs. */
  async function startStubbornJob(): Promise<string> {
    await startSetUp(journey);
    const id = journey.hub.addJob(job('Stubborn', 'bash -c \'trap "" TERM; echo begun; sleep 300; sleep 300\''));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    return id;
  }

  it('is killed and reported when the app is ended by a signal', async () => {
    const id = await startStubbornJob();
    const closed = journey.appClosed();
    terminate(journey.mainPid);
    await closed;
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(journey.hub.connectedAgents).toBe(0);
  });

  it('has less grace when the system goes down, which then ends every process', async () => {
    // The agent is waited for less long than a job is given otherwise, and is told at once that the job has no time any more.
    journey.runBefore(`const start = setTimeout, other = { 3000: 0, 20000: 9000 };
      globalThis.setTimeout = (call, ms, ...rest) => start(call, other[ms] ?? ms, ...rest);`);
    const id = await startStubbornJob();
    const closed = journey.appClosed();
    const pids = [...allPids(), journey.mainPid];
    journey.desktop.announceShutdown();
    await journey.hub.waitFor(() => journey.hub.calls.some(({ body }) => body.includes('"interrupted_at":1')));
    for (const pid of pids) terminate(pid);
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
