import { expect, it } from 'vitest';
import { explainLargeVariables } from './large-variables.ts';

const NO_PROGRAM = 'The container has ended with 1:\nexec /usr/bin/bash: argument list too long';
const container = (env: readonly string[]) => ({
  name: 'main',
  image: 'a:1',
  command: undefined,
  entrypoint: undefined,
  user: '',
  env,
});

it.each([
  [
    NO_PROGRAM,
    ['A=a', `BIG=${'ü'.repeat(100_000)}`, `C=${'c'.repeat(50_000)}`],
    'the variable BIG of the container main has 200004 bytes: no program starts with that; put BIG into a file of the job',
  ],
  [
    NO_PROGRAM,
    [`A=${'a'.repeat(90_000)}`, `B=${'b'.repeat(100_000)}`],
    'the variables of the container main have 190004 bytes, B the most: no program starts with that; put B into a file of the job',
  ],
  [NO_PROGRAM, [], undefined],
  ['The container has ended with 9:\nno licence', [`BIG=${'x'.repeat(200_000)}`], undefined],
])('%j with %# is explained', (words, env, told) => {
  expect(explainLargeVariables(words, container(env))).toBe(told);
});
