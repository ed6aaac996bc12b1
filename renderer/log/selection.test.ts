import { describe, expect, it } from 'vitest';
import { selectedIn, wordAt } from './selection.ts';

describe('a selection', () => {
  const selection = { anchor: { line: 5, column: 4 }, head: { line: 3, column: 2 } };
  it('covers its part of each line', () => {
    expect(selectedIn(selection, 2, 10)).toBeUndefined();
    expect(selectedIn(selection, 3, 10)).toEqual({ start: 2, end: 10 });
    expect(selectedIn(selection, 4, 10)).toEqual({ start: 0, end: 10 });
    expect(selectedIn(selection, 5, 10)).toEqual({ start: 0, end: 4 });
    expect(selectedIn(undefined, 5, 10)).toBeUndefined();
  });

  it('of a word', () => {
    expect(wordAt('at src/a.ts:41 here', 6)).toEqual({ start: 3, end: 14 });
    expect(wordAt('a  b', 1)).toEqual({ start: 0, end: 1 });
    expect(wordAt('a  b', 2)).toEqual({ start: 2, end: 3 });
  });
});
