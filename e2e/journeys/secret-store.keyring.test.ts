import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { appJourney, NOT_SET_UP } from '../desktop/app-journey.ts';
import { answerDialogs } from '../desktop/dialogs.ts';
import { KEYRING_ARGUMENTS, startKeyring } from '../desktop/keyring.ts';
import { ask } from '../desktop/window-caller.ts';

const journey = appJourney();
let endKeyring: (() => Promise<void>) | undefined;
afterEach(async () => {
  await endKeyring?.();
  endKeyring = undefined;
});

async function start() {
  await journey.start([...KEYRING_ARGUMENTS, '--show'], NOT_SET_UP);
  return journey.window();
}

describe("a system's own store of secrets", () => {
  it('keeps the token, which is told; without it the app says what is missing and overwrites nothing', async () => {
    endKeyring = await startKeyring(journey.desktop, join(journey.work, 'keyring'));
    const page = await start();
    expect(await ask(page, 'firstRun', null)).toMatchObject({ secretStore: 'system' });
    await answerDialogs(journey.app, 'Save');
    const { endpoint, registrationToken: token } = journey.hub;
    const connection = { endpoint, token, noHttps: true, name: 'kept-agent', startAtLogin: false };
    expect((await ask(page, 'finishFirstRun', { ...connection, jobs: 'shell-too' })).outcome).toBe('saved');
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
    const saved = () => readFileSync(join(journey.work, 'data', 'settings.json'), 'utf8');
    expect(saved()).toContain('"kept": "encrypted"');
    for (const form of [token, Buffer.from(token).toString('base64')]) expect(saved()).not.toContain(form);

    await journey.closeApp();
    await start();
    await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\nConnected as kept-agent/);

    await journey.closeApp();
    await endKeyring();
    endKeyring = undefined;
    const before = saved();
    const locked = await start();
    await expect.poll(async () => (await ask(locked, 'snapshot', null)).status.state).toBe('needs-attention');
    expect((await ask(locked, 'settings', null)).secretStore).toBe('none');
    expect(saved()).toBe(before);
  });
});
