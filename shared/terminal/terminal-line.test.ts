import { describe, expect, it } from 'vitest';
import { terminalLine, visibleText } from './terminal-line.ts';
import { PLAIN_STYLE, RGB, STYLE_FLAGS, styleAfter, withSgr } from './text-style.ts';

const ESC = '\u001b[';
const styled = (...parameters: string[]) => parameters.reduce(withSgr, PLAIN_STYLE);

describe('a style', () => {
  it.each([
    ['31', { fg: 1 }],
    ['97', { fg: 15 }],
    ['42', { bg: 2 }],
    ['107', { bg: 15 }],
    ['38;5;200', { fg: 200 }],
    ['48;5;17', { bg: 17 }],
    ['38;2;1;2;3', { fg: RGB | 0x010203 }],
    ['38:2::1:2:3', { fg: RGB | 0x010203 }],
    ['38:2:1:2:3', { fg: RGB | 0x010203 }],
    ['38:5:9', { fg: 9 }],
    ['38;5;200;1', { fg: 200, flags: STYLE_FLAGS.bold }],
    ['1;3;4;9', { flags: STYLE_FLAGS.bold | STYLE_FLAGS.italic | STYLE_FLAGS.underline | STYLE_FLAGS.strike }],
    ['4:3', { flags: STYLE_FLAGS.underline }],
    ['31;0;1', { flags: STYLE_FLAGS.bold }],
    ['31;', {}],
    ['', {}],
    ['38;5;999', {}],
    ['38;2;300;0;0;31', { fg: 1 }],
    ['999;31', { fg: 1 }],
  ])('after %s', (parameters, wanted) => {
    expect(styled(parameters)).toEqual({ ...PLAIN_STYLE, ...wanted });
  });

  it.each(['22', '23', '24', '27', '28', '29', '39', '49'])('goes back by %s', (parameters) => {
    expect(styled('1;2;3;4;7;8;9;31;41', parameters)).not.toEqual(styled('1;2;3;4;7;8;9;31;41'));
  });

  it('after a text is that of its last sequences', () => {
    expect(styleAfter(PLAIN_STYLE, `${ESC}31mred${ESC}0m plain ${ESC}1mbold${ESC}32m`)).toEqual(styled('1', '32'));
    expect(styleAfter(styled('1'), `no sequence`)).toEqual(styled('1'));
    expect(styleAfter(styled('1'), `${ESC}31m`)).toEqual(styled('1', '31'));
  });
});

describe('a line as a terminal shows it', () => {
  it.each([
    ['plain', 'plain'],
    [`${ESC}31mred${ESC}0m and not`, 'red and not'],
    ['10 %\r20 %\r100 %', '100 %'],
    ['100 %\r20', '200 %'],
    ['50 %\r', '50 %'],
    ['abc\b\bX', 'aXc'],
    [`abcdef${ESC}3DX`, 'abcXef'],
    [`abcdef${ESC}2GX`, 'aXcdef'],
    [`abc\r${ESC}K`, ''],
    [`abcdef\r${ESC}2Cx${ESC}K`, 'abx'],
    [`abcdef${ESC}2K`, ''],
    [`ab${ESC}3Cc`, 'ab   c'],
    [`abcdef\r${ESC}2Pxy`, 'xyef'],
    [`abc\r${ESC}1@x`, 'xabc'],
    ['漢字\rab', 'ab字'],
    ['漢字\rx', 'x 字'],
    ['e\u0301\rx', 'x'],
    ['ab\rx\ty', 'x       y'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]0;never ends', ''],
    ['\u001b(Btext\u001b=', 'text'],
    ['\u001bPq device\u001b\\text', 'text'],
    [`${ESC}?25ltext${ESC}?25h`, 'text'],
    [`text${ESC}31`, 'text'],
    ['text\u001b', 'text'],
    ['bell\u0007 null\u0000', 'bell null'],
    [`far${ESC}999999999C!`, 'far'],
  ])('%j', (raw, text) => {
    expect(visibleText(raw)).toBe(text);
  });

  it('has links of its own, and looks as it was told', () => {
    const spans = terminalLine(`a ${ESC}1m\u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\ b`);
    expect(spans.map(({ text, link }) => [text, link])).toEqual([
      ['a ', undefined],
      ['link', 'https://example.com'],
      [' b', undefined],
    ]);
    expect(spans[1]?.style.flags).toBe(STYLE_FLAGS.bold);
    expect(terminalLine('x', styled('31'))).toEqual([{ text: 'x', style: styled('31') }]);
  });

  it('joins what looks the same: a hundred thousand sequences that say nothing are one piece', () => {
    const spans = terminalLine(`${ESC}31m${`${ESC}31mx`.repeat(100_000)}`);
    expect(spans).toHaveLength(1);
    expect(spans[0]?.text).toHaveLength(100_000);
  });

  it('takes anything, painted or not, for as long as it takes to read it', () => {
    const hostile = Array.from({ length: 50_000 }, (_, n) => String.fromCharCode((n * 7_919) % 0x2100)).join('');
    expect(visibleText(hostile).length).toBeLessThanOrEqual(50_000);
    expect(visibleText(`\r${hostile.replaceAll('\n', '')}`).length).toBeLessThanOrEqual(60_000);
  });
});
