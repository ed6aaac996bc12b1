import { describe, expect, it } from 'vitest';
import { RGB, STYLE_FLAGS } from '../../shared/terminal/text-style.ts';
import { contrast, GROUNDS, paintOf } from './colours.ts';
import { linePieces, MAX_PIECES, NO_MARKS, parseLine } from './line-pieces.ts';
import { selectedIn, wordAt } from './selection.ts';

const pieces = (text: string, marks = NO_MARKS) => linePieces(parseLine({ text }), marks);

describe('the pieces of a line', () => {
  it('are the whole text, wherever it is cut', () => {
    const text = '\u001b[31mred\u001b[0m https://example.com/a(b). and \u202e hidden';
    const marks = { matches: [{ start: 1, end: 6 }], current: { start: 1, end: 6 }, selection: { start: 2, end: 30 } };
    const cut = pieces(text, marks);
    expect(cut.map((piece) => piece.text).join('')).toBe('red https://example.com/a(b). and \u202e hidden');
    expect(
      cut
        .filter(({ match }) => match === 'current')
        .map((piece) => piece.text)
        .join(''),
    ).toBe('ed ht');
    expect(
      cut
        .filter(({ isSelected }) => isSelected)
        .map((piece) => piece.text)
        .join(''),
    ).toHaveLength(28);
    expect(cut.filter(({ isHidden }) => isHidden).map((piece) => piece.text)).toEqual(['\u202e']);
  });

  it('are not more than can be drawn, and nothing in their rest does what cannot be seen', () => {
    const text = `${'a\u202e'.repeat(8_000)}end`;
    const matches = Array.from({ length: 8_000 }, (_, n) => ({ start: 2 * n, end: 2 * n + 1 }));
    const cut = pieces(text, { ...NO_MARKS, matches });
    expect(cut).toHaveLength(MAX_PIECES + 1);
    expect(cut.slice(0, 4).map(({ match, isHidden }) => [match, isHidden])).toEqual([
      ['match', false],
      [undefined, true],
      ['match', false],
      [undefined, true],
    ]);
    const rest = cut.at(-1);
    expect(rest?.start).toBe(MAX_PIECES);
    expect(rest?.text).toBe(`${'a\ufffd'.repeat(8_000 - MAX_PIECES / 2)}end`);
  });

  it.each([
    ['see https://example.com/a.', 'https://example.com/a'],
    ['(http://localhost:3000/x)', 'http://localhost:3000/x'],
    ['https://en.wikipedia.org/wiki/Mark_(sign)', 'https://en.wikipedia.org/wiki/Mark_(sign)'],
    ['javascript:alert(1) file:///etc/passwd', undefined],
    ['\u001b]8;;javascript:alert(1)\u001b\\here\u001b]8;;\u001b\\', undefined],
    ['\u001b]8;;https://example.com/real\u001b\\https://other.example\u001b]8;;\u001b\\', 'https://example.com/real'],
  ])('link in %j', (text, url) => {
    expect(pieces(text).find((piece) => piece.url)?.url).toBe(url);
  });
});

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

describe('colours', () => {
  const number = (colour: string) => Number.parseInt(colour.slice(1), 16);
  const foregrounds = [-1, ...Array.from({ length: 256 }, (_, n) => n), RGB | 0xfefefe, RGB | 0x010101, RGB | 0xff0000];
  const grounds = [-1, 0, 1, 3, 7, 8, 11, 15, 21, 46, 196, 226, 244, RGB | 0x808080, RGB | 0x777777];
  it.each(['light', 'dark'] as const)('can be read on any ground, %s', (theme) => {
    for (const flags of [0, STYLE_FLAGS.dim, STYLE_FLAGS.inverse, STYLE_FLAGS.dim | STYLE_FLAGS.inverse]) {
      for (const fg of foregrounds) {
        for (const bg of grounds) {
          const { color, backgroundColor } = paintOf({ fg, bg, flags }, theme);
          const on = backgroundColor ? [number(backgroundColor)] : GROUNDS[theme];
          for (const ground of color ? on : []) {
            expect(contrast(number(color ?? ''), ground), `${fg} on ${bg}, ${flags}`).toBeGreaterThanOrEqual(4.49);
          }
        }
      }
    }
  });
});
