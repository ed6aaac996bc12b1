import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs, dialogAnswered } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';
import { sendSignal } from '../desktop/processes.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });

describe('the app', () => {
  it('shows a job in tray and window, from idle to running to idle', async () => {
    await journey.start();
    await journey.desktop.trayItem();
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\nConnected as desktop-agent/);
    const idleIcon = (await journey.desktop.tray()).icon;
    await savePictures('idle', journey.desktop);

    await journey.desktop.openWindow();
    const page = await journey.window();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await savePictures('idle', journey.desktop, page);
    const id = journey.hub.addJob(
      job('Unit tests', 'echo "seen $((1 + 1))"', `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`),
    );
    await page.getByRole('heading', { name: 'Running “Unit tests”' }).waitFor();
    await page.getByText(/command 2 of 2/).waitFor();
    await expect.poll(() => journey.tooltip()).toMatch(/^Running “Unit tests”\n/);
    expect((await journey.desktop.tray()).icon).not.toEqual(idleIcon);
    const log = page.getByRole('log', { name: 'End of the log' });
    await log.getByText('seen 2', { exact: true }).waitFor();
    const commands = page.getByRole('list', { name: 'Commands' }).getByRole('listitem');
    await commands.filter({ hasText: 'echo "seen' }).getByRole('img', { name: 'passed' }).waitFor();
    await commands.filter({ hasText: 'until' }).getByRole('img', { name: 'running' }).waitFor();
    await savePictures('running', journey.desktop, page);

    writeFileSync(join(journey.work, 'go'), '');
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await expect.poll(async () => (await journey.desktop.tray()).icon).toEqual(idleIcon);
    await page.getByRole('region', { name: 'Last job' }).getByText('Passed').waitFor();
    await savePictures('after-a-job', journey.desktop, page);
    expect(journey.hub.violations).toEqual([]);
  });

  it('pauses after the current job from the tray, and resumes from the window', async () => {
    const page = await journey.startWithWindow();
    const first = journey.hub.addJob(job('First', `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`));
    await page.getByRole('heading', { name: 'Running “First”' }).waitFor();
    await journey.desktop.choose('Pause after current job', 'Until I resume');
    await page.getByRole('heading', { name: 'Pausing after “First”' }).waitFor();
    await savePictures('pausing', journey.desktop, page);
    const second = journey.hub.addJob(job('Second', 'echo second'));
    writeFileSync(join(journey.work, 'go'), '');
    await page.getByRole('heading', { name: 'Paused by you' }).waitFor();
    expect(journey.hub.resultOf(first)).toBe('passed');
    expect(lastOfAgent()).toBe('disconnect');
    expect(journey.hub.calls.filter(({ kind }) => kind === 'job')).toHaveLength(1);
    await expect.poll(() => journey.tooltip()).toMatch(/^Paused by you\n/);
    await savePictures('paused', journey.desktop, page);

    await page.getByRole('button', { name: 'Resume' }).click();
    await journey.reported(second);
    expect(journey.hub.resultOf(second)).toBe('passed');
    expect(journey.hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(2);
    expect(journey.hub.violations).toEqual([]);
  });

  it('starts an agent again that was killed, and the hub learns of the job', async () => {
    const page = await journey.startWithWindow();
    const id = journey.hub.addJob(job('Doomed', 'echo begun; sleep 300'));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    sendSignal('SIGKILL', journey.registeredPid);
    const notice = 'The agent crashed and was started again; “Doomed” is reported as failed';
    await page.getByRole('alert').getByText(notice).waitFor();
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('failed');
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    await expect.poll(() => journey.tooltip()).toContain(notice);
    await savePictures('after-a-crash', journey.desktop, page);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await expect.poll(() => journey.tooltip()).not.toContain(notice);
    // The window has a port to the new agent.
    const next = journey.hub.addJob(job('Next', 'echo "back $((1 + 1))"'));
    await page.getByRole('log', { name: 'End of the log' }).getByText('back 2', { exact: true }).waitFor();
    await journey.reported(next);
    expect(journey.hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
  });

  it('loses and doubles no line of the tail when its window is closed and opened again', async () => {
    await journey.startWithWindow();
    const [mark, go] = [join(journey.work, 'mark'), join(journey.work, 'go')];
    // Slow enough for what comes until the end to be kept.
    const count = `n=0; while [ ! -f ${go} ]; do echo "line $n"; n=$((n + 1)); [ $n = 20 ] && touch ${mark}; sleep 0.05; done`;
    const id = journey.hub.addJob(job('Count', count, 'echo "in all $n"'));
    const page = await journey.window();
    await page
      .getByText(/^line \d+$/)
      .first()
      .waitFor();
    const closed = page.waitForEvent('close');
    await page.close();
    await closed;
    await expect.poll(() => existsSync(mark)).toBe(true);
    const opened = journey.app.waitForEvent('window');
    await journey.desktop.openWindow();
    const again = await opened;
    // A line from which on it is new, however many came meanwhile.
    await again
      .getByText(/^line ([2-9]\d|\d{3,})$/)
      .first()
      .waitFor();
    // A page that is loaded anew asks for a port of its own.
    await again.reload();
    await again
      .getByText(/^line ([3-9]\d|\d{3,})$/)
      .first()
      .waitFor();
    writeFileSync(go, '');
    await journey.reported(id);
    await again.getByText(/^in all \d+$/).waitFor();
    const log = again.getByRole('log', { name: 'End of the log' });
    // Who follows the end is shown nothing else.
    await log.press('Home');
    await log.getByText('line 0', { exact: true }).waitFor();
    const shown = await log.innerText();
    const lines = [...shown.matchAll(/^line (\d+)$/gm)].map(([, n]) => Number(n));
    const total = Number(/^in all (\d+)$/m.exec(shown)?.[1]);
    expect(lines).toEqual(Array.from({ length: total }, (_, n) => n));
    await savePictures('window-opened-again', journey.desktop, again);
  });

  it('asks what becomes of the job when it is to disconnect, and is connected again from the window', async () => {
    const page = await journey.startWithWindow();
    const id = journey.hub.addJob(job('Long', 'echo begun; sleep 300'));
    await page.getByText('begun', { exact: true }).waitFor();
    await answerDialogs(journey.app, 'Cancel');
    await chooseDisconnect(page);
    await dialogAnswered(journey.app);
    await answerDialogs(journey.app, 'Stop the job now');
    await chooseDisconnect(page);
    await page.getByRole('heading', { name: 'Disconnected' }).waitFor();
    expect(journey.hub.resultOf(id)).toBe('stopped');
    expect(lastOfAgent()).toBe('disconnect');
    await expect.poll(() => journey.tooltip()).toMatch(/^Disconnected\nNothing runs here until you connect/);
    await savePictures('disconnected', journey.desktop, page);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
    expect(journey.hub.violations).toEqual([]);
  });
});

/** What the agent asked of the hub last; the window asks for the queue at any time. */
function lastOfAgent(): string | undefined {
  return journey.hub.calls.filter(({ kind }) => kind !== 'metrics').at(-1)?.kind;
}

async function chooseDisconnect(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More ways to pause' }).click();
  await page.getByRole('menuitem', { name: 'Disconnect…' }).click();
}
