import { expect, it } from 'vitest';
import { commandTime } from './command-time.ts';

it.each([
  [0, '0.0 s'],
  [3_140, '3.1 s'],
  [41_000, '41.0 s'],
  [59_960, '1 min 0 s'],
  [80_000, '1 min 20 s'],
  [-20, '0.0 s'],
])('%i ms', (ms, text) => {
  expect(commandTime(ms)).toBe(text);
});
