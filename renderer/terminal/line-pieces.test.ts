import { describe, expect, it } from 'vitest';
import { linePieces, MAX_PIECES, NO_MARKS, parseText } from './line-pieces.ts';

const pieces = (text: string, marks = NO_MARKS) => linePieces(parseText(text), marks);

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
