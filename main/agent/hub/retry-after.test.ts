import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 29, 12, 0, 0);

it.each<[header: string | undefined, ms: number | undefined]>([
  ['7', 7_000],
  [' 7 ', 7_000],
  ['0', 0],
  ['3600', 60_000],
  ['99999999999999999999', 60_000],
  ['Sun, 29 Nov 2026 12:00:20 GMT', 20_000],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
  ['Sun, 29 Nov 2099 12:00:00 GMT', 60_000],
  ['soon', undefined],
  ['-5 s', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After: %s is %s ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});
