import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appJourney, NOT_SET_UP, shellJob } from '../desktop/app-journey.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { savePictures } from '../desktop/pictures.ts';
import { startAgain } from '../desktop/set-up-app.ts';
import { ask, command } from '../desktop/window-caller.ts';

const journey = appJourney();
const job = (name: string, ...commands: string[]) => shellJob(commands, { SEMAPHORE_JOB_NAME: name });
const callsOf = (kind: string) => journey.hub.calls.filter((call) => call.kind === kind);
const nameOf = (at: number) => (JSON.parse(callsOf('register').at(at)?.body ?? '{}') as { name: string }).name;

describe('the first run', () => {
  it('lets nothing run before the choice, tells what the hub says, and leads to the first job', async () => {
    await journey.start([], NOT_SET_UP);
    const page = await journey.window();
    expect(await ask(page, 'firstRun', null)).toMatchObject({ needed: true, endpoint: '', hasToken: false });
    const snippet = `sudo SEMAPHORE_ENDPOINT="${journey.hub.endpoint}" \\\n  SEMAPHORE_REGISTRATION_TOKEN='${journey.hub.registrationToken}' ./install.sh --no-https`;
    expect(await ask(page, 'parseSnippet', { text: snippet })).toEqual({
      endpoint: journey.hub.endpoint,
      hasToken: true,
      noHttps: true,
    });
    const connection = { endpoint: journey.hub.endpoint, noHttps: true };
    const wrong = await ask(page, 'testConnection', { ...connection, token: 'wrong' });
    expect(wrong).toMatchObject({
      ok: false,
      about: 'token',
      problem: expect.stringContaining('does not know this token'),
      detail: expect.stringMatching(/^the hub refused \/metrics with 40\d/),
    });
    const right = await ask(page, 'testConnection', { ...connection, token: null });
    expect(right).toEqual({ ok: true, problem: '', queue: expect.objectContaining({ jobsQueued: 0 }) });
    expect(new Set(journey.hub.calls.map(({ kind }) => kind))).toEqual(new Set(['metrics']));

    const choice = { ...connection, token: null, name: 'first-agent', startAtLogin: false } as const;
    await answerDialogs(journey.app, 'Cancel');
    expect((await ask(page, 'finishFirstRun', { ...choice, jobs: 'shell-too' })).outcome).toBe('cancelled');
    expect(callsOf('register')).toEqual([]);
    await answerDialogs(journey.app, 'Save');
    expect((await ask(page, 'finishFirstRun', { ...choice, jobs: 'shell-too' })).outcome).toBe('saved');
    const id = journey.hub.addJob(job('First', 'echo first'));
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
    expect(nameOf(-1)).toBe('first-agent');
    const saved = join(journey.work, 'data', 'settings.json');
    expect(statSync(saved).mode & 0o777).toBe(0o600);
    expect(readFileSync(saved, 'utf8')).not.toContain(journey.hub.registrationToken);
    await savePictures('after-the-first-run', journey.desktop, page);

    await journey.closeApp();
    await startAgain(journey);
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\nConnected as first-agent/);
    expect(journey.hub.violations).toEqual([]);
  });

  it('can be tried without an account, and goes back to where it was', async () => {
    await journey.start([], NOT_SET_UP);
    const page = await journey.window();
    await command(page, 'startPractice', null);
    await expect.poll(async () => (await ask(page, 'snapshot', null)).lastJob?.result).toBe('passed');
    expect(await ask(page, 'snapshot', null)).toMatchObject({ practice: true });
    await command(page, 'leavePractice', null);
    await expect.poll(() => journey.tooltip()).toMatch(/^Not set up yet\n/);
    expect(existsSync(join(journey.work, 'data', 'settings.json'))).toBe(false);
    expect(journey.hub.calls).toEqual([]);
  });
});
