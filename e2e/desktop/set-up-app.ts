import type { Page } from 'playwright';
import { expect } from 'vitest';
import { type AppJourney, NOT_SET_UP } from './app-journey.ts';
import { answerDialogs } from './dialogs.ts';
import { ask } from './window-caller.ts';

/** Starts the app and has its connection saved by the first run, as a user does it. Resolves when it is ready for jobs. */
export async function startSetUp(journey: AppJourney, settings: Readonly<Record<string, string>> = {}): Promise<Page> {
  const page = await journey.startWithWindow({ ...NOT_SET_UP, ...settings });
  await answerDialogs(journey.app, 'Save');
  const { endpoint, registrationToken: token } = journey.hub;
  const connection = { endpoint, token, noHttps: true, name: 'saved-agent', startAtLogin: false };
  const { outcome } = await ask(page, 'finishFirstRun', { ...connection, jobs: 'shell-too' });
  expect(outcome).toBe('saved');
  await expect.poll(() => journey.tooltip()).toMatch(/^Ready for jobs\n/);
  return page;
}

/** Starts the app anew in the same profile: all that it knows is what it saved. */
export function startAgain(journey: AppJourney): Promise<Page> {
  return journey.startWithWindow(NOT_SET_UP);
}
