import { expect, it } from 'vitest';
import { allOrNothing, extendedTo, NOTHING_SELECTED, toggled } from './selection.ts';

const LIST = ['a', 'b', 'c', 'd', 'e'];
const keys = ({ keys }: { readonly keys: ReadonlySet<string> }) => [...keys].join('');

it('takes one in and out', () => {
  const one = toggled(NOTHING_SELECTED, 'c');
  const two = toggled(one, 'a');
  expect([keys(one), keys(two), keys(toggled(two, 'c'))]).toEqual(['c', 'ca', 'a']);
});

it('goes from the anchor in both directions, and back', () => {
  const from = toggled(NOTHING_SELECTED, 'c');
  expect(keys(extendedTo(from, 'e', LIST))).toBe('cde');
  expect(keys(extendedTo(extendedTo(from, 'e', LIST), 'b', LIST))).toBe('bc');
  expect(keys(extendedTo(extendedTo(from, 'a', LIST), 'c', LIST))).toBe('c');
});

it('begins a range where there is no anchor, or it is gone', () => {
  expect(extendedTo(NOTHING_SELECTED, 'b', LIST)).toEqual({ keys: new Set(['b']), anchor: 'b' });
  expect(keys(extendedTo(toggled(NOTHING_SELECTED, 'gone'), 'd', LIST))).toBe('d');
});

it('takes all, and nothing when that was all', () => {
  const all = allOrNothing(toggled(NOTHING_SELECTED, 'b'), LIST);
  expect(keys(all)).toBe('abcde');
  expect(allOrNothing(all, LIST)).toBe(NOTHING_SELECTED);
  expect(keys(allOrNothing(NOTHING_SELECTED, []))).toBe('');
});
