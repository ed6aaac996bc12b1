import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { commandLineOf, isAlive, processesWith, renderersOf, sendSignal } from '../desktop/processes.ts';

const journey = appJourney({ nextSyncAfter: 100 });

const job = (...commands: string[]) => shellJob(commands);
const synced = (state: string) =>
  journey.hub.waitFor(() =>
    journey.hub.calls.some(({ kind, body }) => kind === 'sync' && body.includes(`"state":"${state}"`)),
  );
const crashRecords = () =>
  readdirSync(join(journey.work, 'data', 'crashes')).map(
    (name) => JSON.parse(readFileSync(join(journey.work, 'data', 'crashes', name), 'utf8')) as Record<string, unknown>,
  );

/** What becomes of a job before its agent is killed: each leaves it in another state. */
const MOMENTS: Readonly<Record<string, () => Promise<string>>> = {
  async starting() {
    journey.hub.injectFault({ on: 'job', stall: '' });
    const id = journey.hub.addJob(job('echo never'));
    await synced('starting-job');
    return id;
  },
  async running() {
    const id = journey.hub.addJob(job('setsid sleep 300 & echo begun; sleep 300'));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    return id;
  },
  async stopping() {
    const id = journey.hub.addJob(job('setsid sleep 300 & trap "" TERM; echo begun; sleep 300; sleep 300'));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    journey.hub.stopJob(id);
    await synced('stopping-job');
    return id;
  },
  async finishing() {
    journey.hub.injectFault({ on: 'push', times: 1_000, status: 503 });
    const id = journey.hub.addJob(job('echo done'));
    await journey.hub.waitFor(() =>
      journey.hub.calls.some(({ kind, body }) => kind === 'push' && body.includes('job_finished')),
    );
    return id;
  },
};

describe.each(Object.keys(MOMENTS))('a job that is %s', (moment) => {
  it.each([['the agent'], ['the main process'], ['both']])('is reported when %s is killed', async (victims) => {
    await journey.start();
    const id = (await MOMENTS[moment]?.()) ?? '';
    const [main, agent] = [journey.mainPid, journey.registeredPid];
    const gone = victims === 'the agent' ? undefined : journey.appClosed();
    // Neither does anything about the end of the other.
    if (victims === 'both') sendSignal('SIGSTOP', main);
    if (victims !== 'the main process') sendSignal('SIGKILL', agent);
    if (victims !== 'the agent') sendSignal('SIGKILL', main);
    if (victims !== 'the agent') {
      await gone;
      await expect.poll(() => isAlive(agent)).toBe(false);
      await journey.start();
    }
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('failed');
    await expect.poll(processesOfJobs).toEqual([]);
    expect(journey.hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
    expect(journey.hub.violations).toEqual([]);
    if (victims === 'the agent')
      await expect.poll(() => crashRecords()).toMatchObject([{ process: 'agent', reason: expect.stringMatching(/9/) }]);
  });
});

describe('an agent that hangs', () => {
  it('is ended and started again, and its job is reported', async () => {
    await journey.start();
    const id = await MOMENTS.running?.();
    sendSignal('SIGSTOP', journey.registeredPid);
    // Behind a sleep it is asked at once.
    await journey.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
    await journey.reported(id ?? '');
    expect(journey.hub.resultOf(id ?? '')).toBe('failed');
    await expect.poll(() => crashRecords()).toMatchObject([{ reason: 'it did not answer for 15 s' }]);
    expect(JSON.stringify(crashRecords())).not.toContain(journey.hub.registrationToken);
  });
});

describe('a machine that has slept', () => {
  it('asks its agent and the hub at once, and takes the sleep of either for no end', async () => {
    await journey.changeHub({ nextSyncAfter: 600_000 });
    // The limits that the main process sets, in their order.
    journey.runBefore(
      'const start = setTimeout; globalThis.limits = []; globalThis.setTimeout = (call, ms, ...rest) => (limits.push(ms), start(call, ms, ...rest));',
    );
    await journey.start();
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
    /** How long the agent may stay silent, or is left alone, as often as that was said anew since. */
    const limits = () =>
      journey.app.evaluate(() =>
        (globalThis as unknown as { limits: number[] }).limits
          .splice(0)
          .filter((ms) => [5_000, 10_000, 30_000].includes(ms)),
      );
    await limits();
    const syncs = () => journey.hub.calls.filter(({ kind }) => kind === 'sync').length;
    const before = syncs();
    await journey.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
    const seen: number[] = [];
    // On a busy machine it is asked a second time before it answers.
    await expect.poll(async () => seen.push(...(await limits())) && seen.join(' ')).toMatch(/^5000( 10000)? 30000$/);
    await journey.hub.waitFor(() => syncs() > before);
    expect(journey.agentPids).toEqual([journey.registeredPid]);
  });
});

describe('an agent that keeps crashing', () => {
  it('is given up after three restarts, and starts again when it is connected', async () => {
    await journey.start();
    for (let n = 0; n < 4; n += 1) {
      const id = journey.hub.addJob(job(`echo "agent $PPID"`, 'sleep 300'));
      await journey.hub.waitFor(() => journey.hub.log(id).text.includes('agent '));
      await expect.poll(() => journey.agentPids).toHaveLength(1);
      sendSignal('SIGKILL', journey.agentPids[0]);
      if (n < 3) await journey.reported(id);
    }
    await expect.poll(() => journey.tooltip()).toMatch(/^The agent keeps crashing\n/);
    expect(journey.agentPids).toEqual([]);
    await journey.desktop.choose('Try again');
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs/);
    expect(journey.hub.jobIds.map((id) => journey.hub.resultOf(id))).toEqual(['failed', 'failed', 'failed', 'failed']);
  });
});

describe('a fault in the agent that nobody has caught', () => {
  it('ends it, a rejection like any other, and its job is reported', async () => {
    const fault = `process.once('SIGUSR2', () => void Promise.reject(new Error('a fault of the test')));`;
    appendFileSync(join(journey.copyOfApp(), 'dist', 'agent.cjs'), `\n${fault}\n`);
    await journey.start();
    const id = await MOMENTS.running?.();
    sendSignal('SIGUSR2', journey.registeredPid);
    await journey.reported(id ?? '');
    expect(journey.hub.resultOf(id ?? '')).toBe('failed');
    await expect.poll(() => crashRecords()).toMatchObject([{ process: 'agent' }]);
    expect(JSON.stringify(crashRecords())).toContain('Error: a fault of the test');
    await expect.poll(() => journey.tooltip()).toContain('The agent crashed and was started again');
  });
});

describe('a fault in the main process', () => {
  it('is recorded and told once, and the job goes on', async () => {
    await journey.start();
    const id = journey.hub.addJob(job('echo begun', `until [ -f ${journey.work}/go ]; do sleep 0.05; done`));
    await journey.hub.waitFor(() => journey.hub.log(id).text.includes('begun\n'));
    const secret = journey.hub.registrationToken;
    await journey.app.evaluate((_electron, text) => {
      for (const told of [`first ${text}`, 'second'])
        setImmediate(() => {
          throw new Error(told);
        });
      void Promise.reject(new Error('third'));
    }, secret);
    await expect.poll(() => journey.tooltip()).toContain('Something went wrong in the app itself');
    writeFileSync(join(journey.work, 'go'), '');
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
    expect(crashRecords()).toMatchObject([{ process: 'main', reason: expect.stringMatching(/^Error: (first|third)/) }]);
    expect(JSON.stringify(crashRecords())).not.toContain(secret);
  });
});

describe('a window whose process is killed', () => {
  it('comes back, and the job goes on', async () => {
    await journey.startWithWindow();
    const id = journey.hub.addJob(
      job('echo begun', `until [ -f ${journey.work}/go ]; do sleep 0.05; done`, 'echo ended'),
    );
    const page = await journey.window();
    await page.getByText('begun', { exact: true }).waitFor();
    const [renderer] = renderersOf(journey.mainPid);
    sendSignal('SIGKILL', renderer);
    await expect.poll(() => renderersOf(journey.mainPid).filter((pid) => pid !== renderer)).toHaveLength(1);
    const shown = () =>
      journey.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'),
      );
    await expect.poll(shown).toContain('begun');
    writeFileSync(join(journey.work, 'go'), '');
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
    await expect.poll(shown).toContain('ended');
    expect(crashRecords()).toMatchObject([{ process: 'window' }]);
  });
});

/** What jobs of this test have left running: their processes carry the mark of one. */
function processesOfJobs(): readonly string[] {
  return processesWith(`HOME=${journey.work}`, 'SIGNALBOX_JOB_MARK').map((pid) => commandLineOf(pid).join(' '));
}
