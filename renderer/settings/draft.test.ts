import { expect, it } from 'vitest';
import { changesOf, fieldValueOf, problemOf } from './draft.ts';
import { rowOf } from './settings-groups.ts';

function row(name: string) {
  const found = rowOf(name);
  if (!found) throw new Error(`no option ${name}`);
  return found;
}

it.each([
  ['name', 'short', 'A name has 8 to 80 characters; this one has 5'],
  ['name', '', undefined],
  ['name', 'long-enough', undefined],
  ['endpoint', ' ', 'It cannot be empty'],
  ['token', '', undefined],
  ['interruption-grace-period', '-1', 'It must be at least 0'],
  ['interruption-grace-period', 'soon', 'It must be a whole number'],
  ['interruption-grace-period', '1.5', 'It must be a whole number'],
  ['interruption-grace-period', '60', undefined],
  ['keep-awake-battery-level', '101', 'It must be at most 100'],
  ['env-vars', 'A=1\nB', '“B” is not of the form NAME=VALUE'],
  ['env-vars', 'A=b=c\n\n', undefined],
  ['files', '/etc/hosts', '“/etc/hosts” is not of the form HOST:CONTAINER'],
  ['files', 'C:\\cache:/cache', undefined],
  ['kubernetes-allowed-images', '(', '“(” is not a regular expression'],
  ['mask-secrets', true, undefined],
  ['env-vars', null, undefined],
])('%s %j', (name, value, problem) => {
  expect(problemOf(row(name), value)).toBe(problem);
});

it('is saved as what the options are made of', () => {
  expect(
    changesOf({
      name: ' lap-42-office ',
      'interruption-grace-period': '60',
      'env-vars': 'A=1\n\n B=2 ',
      'mask-secrets': false,
      files: null,
      'kubernetes-pod-start-timeout': '',
    }),
  ).toEqual({
    name: 'lap-42-office',
    'interruption-grace-period': 60,
    'env-vars': ['A=1', 'B=2'],
    'mask-secrets': false,
    files: null,
    'kubernetes-pod-start-timeout': null,
  });
});

it.each([
  [undefined, ''],
  [3, '3'],
  [true, true],
  [['a', 'b'], 'a\nb'],
])('shows %j', (value, shown) => {
  expect(fieldValueOf(value)).toBe(shown);
});
