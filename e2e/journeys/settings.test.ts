import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../main/practice/cluster/open-cluster.ts';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { startSetUp } from '../desktop/set-up-app.ts';
import { ask } from '../desktop/window-caller.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });
const waitForGo = () => `until [ -f ${join(journey.work, 'go')} ]; do sleep 0.05; done`;
const callsOf = (kind: string) => journey.hub.calls.filter((call) => call.kind === kind);
const nameOf = (at: number) => (JSON.parse(callsOf('register').at(at)?.body ?? '{}') as { name: string }).name;

describe('settings', () => {
  it('that change while a job runs apply behind it: some by themselves, some by a new registration', async () => {
    const page = await startSetUp(journey);
    const first = journey.hub.addJob(job('First', waitForGo(), 'echo "colour: $COLOUR"'));
    await expect.poll(() => journey.tooltip()).toMatch(/^Running “First”/);
    const both = await Promise.all([
      ask(page, 'saveSettings', { 'env-vars': ['COLOUR=green'] }),
      ask(page, 'saveSettings', { 'upload-job-logs': 'never' }),
    ]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['saved', 'saved']);
    expect((await ask(page, 'saveSettings', { 'interruption-grace-period': -1 })).problems).toEqual([
      { name: 'interruption-grace-period', problem: 'allowed is a whole number, not below 0' },
    ]);
    await ask(page, 'saveSettings', { name: 'another-agent' });
    expect((await ask(page, 'settings', null)).appliesAfterJob).toBe(true);
    await expect.poll(() => journey.tooltip()).toMatch(/^Connecting anew after “First”/);
    writeFileSync(join(journey.work, 'go'), '');
    await journey.reported(first);
    expect(journey.hub.log(first).text).toContain('colour: \n');
    const second = journey.hub.addJob(job('Second', 'echo "colour: $COLOUR"'));
    await journey.reported(second);
    expect(journey.hub.log(second).text).toContain('colour: green\n');
    expect([nameOf(0), nameOf(1), callsOf('register').length]).toEqual(['saved-agent', 'another-agent', 2]);
    const { settings } = await ask(page, 'settings', null);
    const origins = Object.fromEntries(settings.map(({ name, origin }) => [name, origin.source]));
    expect(origins).toMatchObject({ name: 'saved', 'env-vars': 'saved', files: 'default' });
    expect(origins['forked-pull-requests']).toBe('variable');
    expect(journey.hub.violations).toEqual([]);
  });

  it('test a hook outside of any job, and say what is with its file', async () => {
    const page = await startSetUp(journey);
    const path = join(journey.work, 'hook.sh');
    expect((await ask(page, 'saveSettings', { 'pre-job-hook-path': path })).outcome).toBe('saved');
    expect((await ask(page, 'hookFile', { name: 'pre-job-hook-path' })).state).toBe('missing');
    writeFileSync(path, 'echo "from the hook"; exit 3\n', { mode: 0o755 });
    expect((await ask(page, 'hookFile', { name: 'pre-job-hook-path' })).state).toBe('fine');
    const run = await ask(page, 'testHook', { name: 'pre-job-hook-path' });
    expect(run).toMatchObject({ outcome: 'ended', exitCode: 3, problem: '' });
  });

  it('ask a cluster whether jobs could run there', async () => {
    const { cluster, kubeconfig } = await openCluster(journey.work);
    const page = await startSetUp(journey);
    const folder = join(journey.work, 'home', '.kube');
    mkdirSync(folder, { recursive: true });
    const useAs = (token: string) => writeFileSync(join(folder, 'config'), kubeconfig({ token }));
    expect((await ask(page, 'saveSettings', { 'kubernetes-executor': true })).outcome).toBe('saved');
    useAs('agent');
    expect(await ask(page, 'checkCluster', null)).toMatchObject({
      canRunJobs: true,
      findings: [{ check: 'kubernetes', state: 'fine' }],
    });
    useAs('reader');
    const { canRunJobs, findings } = await ask(page, 'checkCluster', null);
    expect(canRunJobs).toBe(false);
    expect(findings[0]?.found).toMatch(/^the agent may not create pods, /);
    await cluster.close();
  });
});
