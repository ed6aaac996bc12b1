import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../main/practice/cluster/open-cluster.ts';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs, chooseFile, shownDialogs } from '../desktop/dialogs.ts';
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

  it('go out into a file and come in again, asked about once where they change what runs', async () => {
    const page = await startSetUp(journey);
    const file = join(journey.work, 'export.yaml');
    const path = join(journey.work, 'hook.sh');
    writeFileSync(path, 'true\n', { mode: 0o755 });
    const changes = { 'pre-job-hook-path': path, 'env-vars': ['A=1,2', 'B= x'], 'interruption-grace-period': 7 };
    expect((await ask(page, 'saveSettings', changes)).outcome).toBe('saved');
    await chooseFile(journey.app, undefined);
    expect(await ask(page, 'exportSettings', { withToken: false, reader: 'signalbox' })).toMatchObject({
      outcome: 'cancelled',
    });
    expect(await ask(page, 'importSettings', null)).toEqual({ outcome: 'cancelled', problems: [] });
    await chooseFile(journey.app, file);
    await answerDialogs(journey.app, 'Export with the token');
    expect(await ask(page, 'exportSettings', { withToken: true, reader: 'signalbox' })).toMatchObject({
      outcome: 'saved',
      path: file,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(`token: ${journey.hub.registrationToken}\n`);

    await answerDialogs(journey.app, 'Save');
    const back = { 'pre-job-hook-path': null, 'env-vars': null, 'interruption-grace-period': null };
    expect((await ask(page, 'saveSettings', back)).outcome).toBe('saved');
    await answerDialogs(journey.app, 'Cancel');
    expect((await ask(page, 'importSettings', null)).outcome).toBe('cancelled');
    expect((await savedOnes(page)).has('pre-job-hook-path')).toBe(false);
    await answerDialogs(journey.app, 'Save');
    expect(await ask(page, 'importSettings', null)).toEqual({ outcome: 'saved', problems: [] });
    expect(await shownDialogs(journey.app)).toHaveLength(1);
    expect(Object.fromEntries(await savedOnes(page))).toMatchObject(changes);

    writeFileSync(file, 'nmae: another\n');
    expect(await ask(page, 'importSettings', null)).toMatchObject({
      outcome: 'refused',
      problems: [{ problem: expect.stringContaining('did you mean name?') }],
    });
  });

  it('that are paths are picked in a dialog, and saved only when somebody says so', async () => {
    const page = await startSetUp(journey);
    const path = join(journey.work, 'picked.sh');
    await chooseFile(journey.app, path);
    expect(await ask(page, 'pickPath', { name: 'post-job-hook-path' })).toEqual({ path, problem: '' });
    expect(await ask(page, 'pickPath', { name: 'job-log-file' })).toEqual({ path, problem: '' });
    const none = await ask(page, 'pickPath', { name: 'endpoint' });
    expect(none).toEqual({ path: null, problem: 'There is no such path to pick' });
    await chooseFile(journey.app, undefined);
    expect(await ask(page, 'pickPath', { name: 'post-job-hook-path' })).toEqual({ path: null, problem: '' });
    expect((await savedOnes(page)).has('post-job-hook-path')).toBe(false);
  });

  it('have no hook made over one that is there, nor where its owner thinks better of it', async () => {
    const page = await startSetUp(journey);
    const path = join(journey.work, 'made.sh');
    await chooseFile(journey.app, undefined);
    expect(await ask(page, 'createHook', { name: 'pre-job-hook-path' })).toEqual({ path: null, problem: '' });
    writeFileSync(path, 'echo mine\n');
    await chooseFile(journey.app, path);
    expect(await ask(page, 'createHook', { name: 'pre-job-hook-path' })).toEqual({
      path: null,
      problem: `${path} is there already: take it with Choose…`,
    });
    expect(readFileSync(path, 'utf8')).toBe('echo mine\n');
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

/** The values that are saved here, by name. */
async function savedOnes(page: Page): Promise<ReadonlyMap<string, unknown>> {
  const { settings } = await ask(page, 'settings', null);
  return new Map(settings.filter(({ origin }) => origin.source === 'saved').map(({ name, value }) => [name, value]));
}
