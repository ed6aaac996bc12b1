import { expect, it } from 'vitest';
import { problemElsewhere, settingsProblem } from './problem-words.ts';

it.each([
  [
    'job-id (from the settings) is only allowed together with disconnect-after-job',
    'job-id',
    'It is only allowed together with “Disconnect after one job”',
  ],
  ['endpoint (from the settings): it is no address', 'endpoint', 'It is no address'],
  ['token is missing (Registration token): give it as --token, as A_VARIABLE', 'token', 'It cannot be empty'],
  ['There is no file /etc/signalbox.yaml', undefined, 'There is no file /etc/signalbox.yaml'],
  ['unknown option "nmae" (did you mean name?)', undefined, 'unknown option "nmae" (did you mean name?)'],
])('tells at the field, by its label: %s', (problem, name, text) => {
  expect(settingsProblem(problem)).toEqual({ name, text });
});

it('says elsewhere where the field is', () => {
  const text = 'It cannot be empty';
  expect(problemElsewhere({ name: 'token', text })).toBe('Connection, “Registration token”: It cannot be empty');
  expect(problemElsewhere({ name: undefined, text })).toBe(text);
});
