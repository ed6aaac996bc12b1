import { expect, it } from 'vitest';
import type { Setting } from '../../shared/contract/settings.ts';
import { whatToDo } from './what-to-do.ts';

const saved = (name: string): Setting => ({
  name,
  isSet: true,
  origin: { source: 'saved', where: 'the saved settings' },
  locked: false,
});
const given: Setting = {
  ...saved('name'),
  origin: { source: 'variable', where: 'the variable SEMAPHORE_AGENT_NAME' },
  locked: true,
};
const attention = (cause: 'token-refused' | 'refused' | 'settings' | 'crashed') =>
  ({ state: 'needs-attention', cause, problem: 'p' }) as const;
const last = (cause: Parameters<typeof attention>[0], settings: readonly Setting[]) =>
  whatToDo(attention(cause), settings).at(-1);
const CHANGE_VARIABLE = 'The variable SEMAPHORE_AGENT_NAME sets name. Change that variable and start Signalbox again.';

it('sends to the settings what can be changed there', () => {
  expect(last('token-refused', [saved('token'), given])).toBe('Enter it in Settings → Connection and save.');
  expect(last('settings', [{ ...saved('name'), problem: 'p' }])).toBe('Correct it in Settings and save.');
  expect(last('settings', [])).toBe('Correct it in Settings and save.');
});

it('names the variable or the flag that has to be changed instead', () => {
  expect(last('settings', [saved('token'), { ...given, problem: 'p' }])).toBe(CHANGE_VARIABLE);
  const flag: Setting = { ...given, name: 'token', origin: { source: 'flag', where: 'the flag --token' } };
  expect(last('token-refused', [flag])).toBe(
    'The flag --token sets token. Change that flag and start Signalbox again.',
  );
  expect(last('refused', [saved('endpoint'), given])).toBe(
    `${CHANGE_VARIABLE} Correct them in Settings → Connection and save.`,
  );
});

it('says where to read why it crashed, and what a report needs', () => {
  expect(whatToDo(attention('crashed'), []).join(' ')).toMatch(/Open agent log.*Copy report/);
});
