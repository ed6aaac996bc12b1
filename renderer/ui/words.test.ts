import { expect, it } from 'vitest';
import { counted, dayAndTime, fileSize } from './words.ts';

const NOW = new Date(2026, 10, 24, 14, 30).getTime();

it.each([
  [new Date(2026, 10, 24, 9, 5), '09:05'],
  [new Date(2026, 10, 23, 18, 40), 'yesterday 18:40'],
  [new Date(2026, 10, 20, 18, 40), 'Fri 18:40'],
  [new Date(2026, 2, 12, 18, 40), '12 Mar 18:40'],
  [new Date(2025, 2, 12, 18, 40), '12 Mar 2025'],
  [new Date(2026, 10, 24, 23, 0), '23:00'],
])('%s', (at, words) => {
  expect(dayAndTime(at.getTime(), NOW)).toBe(words);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [12_345, '12 KB'],
  [3_400_000, '3.4 MB'],
  [1_234_000_000, '1.2 GB'],
])('%i bytes', (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});

it.each([
  [0, '0 jobs'],
  [1, '1 job'],
  [1_204, '1,204 jobs'],
])('%i', (count, words) => {
  expect(counted(count, 'job')).toBe(words);
});
