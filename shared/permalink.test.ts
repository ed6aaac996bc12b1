import { expect, it } from 'vitest';
import { parsePermalink, permalink } from './permalink.ts';

it('a link leads to the line that it was made for', () => {
  const link = { job: '5d8c1e0a-7a52 ü', line: 119 };
  expect(permalink(link)).toBe('signalbox://log/5d8c1e0a-7a52%20%C3%BC?line=120');
  expect(parsePermalink(permalink(link))).toEqual(link);
});

it.each([
  '',
  'signalbox://log/a',
  'signalbox://log/a?line=0',
  'signalbox://log/%?line=1',
  'https://log/a?line=1',
  '12',
])('no link of ours: %s', (text) => expect(parsePermalink(text)).toBeUndefined());
