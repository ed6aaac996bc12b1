import { describe, expect, it } from 'vitest';
import { TerminalText } from './terminal-text.ts';

/** All text of a stream that comes in these pieces. */
function textOf(pieces: readonly Uint8Array[]): string {
  const terminal = new TerminalText();
  return [...pieces.map((piece) => terminal.push(piece).toString()), terminal.end().toString()].join('');
}
const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('TerminalText', () => {
  it.each([
    ['a newline of the terminal', 'a\r\nb\r\n', 'a\nb\n'],
    ["a program's own CR LF", 'dos\r\r\n', 'dos\r\n'],
    ['two in a row', '\r\n\r\n\n', '\n\n\n'],
    ['a lone return', 'mac\rend', 'mac\rend'],
    ['a return at the end', 'bar\r', 'bar\r'],
    ['a two-byte code point', '\xc3\xa9', 'é'],
    ['an emoji', '\xf0\x9f\x8e\x89', '🎉'],
    ['single bytes that are none', 'a\xffb\xfe', 'a\ufffdb\ufffd'],
    ['a begin without its end', '\xe2\x82d', '\ufffd\ufffdd'],
    ['a begin at the end', 'x\xe2\x82', 'x\ufffd\ufffd'],
    ['a surrogate', '\xed\xa0\x80', '\ufffd\ufffd\ufffd'],
    ['beyond the last code point', '\xf4\x90\x80\x80', '\ufffd\ufffd\ufffd\ufffd'],
    ['an overlong form', '\xc0\xaf', '\ufffd\ufffd'],
    ['a stray continuation', '\x80\x80', '\ufffd\ufffd'],
    ['control bytes', '\x00\x01\x1b[0m', '\x00\x01\x1b[0m'],
  ])('%s', (_name, input, expected) => {
    expect(textOf([bytes(input)])).toBe(expected);
    expect(textOf([...input].map(bytes))).toBe(expected);
  });

  it('hands out what is certain at once', () => {
    const terminal = new TerminalText();
    expect(terminal.push(bytes('abc')).toString()).toBe('abc');
    expect(terminal.push(bytes('d\xe2\x82')).toString()).toBe('d');
    expect(terminal.push(bytes('\xac!')).toString()).toBe('€!');
    expect(terminal.push(bytes('x\r')).toString()).toBe('x');
    expect(terminal.push(bytes('\n')).toString()).toBe('\n');
  });

  it('gives the same text wherever a stream is cut', () => {
    let seed = 11;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const alphabet = ['\r', '\n', '\r\n', 'a', 'é', '日', '🎉', '\xff'].map((text) =>
      Buffer.from(text, text === '\xff' ? 'latin1' : 'utf8'),
    );
    for (let round = 0; round < 500; round += 1) {
      const whole = Buffer.concat(
        Array.from({ length: 30 }, () => alphabet[random(alphabet.length)] ?? Buffer.alloc(0)),
      );
      const noisy = random(3) === 0 ? Buffer.from(whole.map((byte) => (random(9) === 0 ? random(256) : byte))) : whole;
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < noisy.length; ) {
        const to = at + 1 + random(6);
        pieces.push(noisy.subarray(at, to));
        at = to;
      }
      expect(textOf(pieces)).toBe(slowly(noisy));
    }
  });
});

/** The same rules in their plainest form: bytes one after another, all at once. */
function slowly(all: Buffer): string {
  const kept: number[] = [];
  all.forEach((byte, index) => {
    if (!(byte === 0x0d && all[index + 1] === 0x0a)) kept.push(byte);
  });
  let text = '';
  for (let at = 0; at < kept.length; ) {
    const found = [1, 2, 3, 4].map((length) => Buffer.from(kept.slice(at, at + length))).find(isOneCodePoint);
    text += found ? found.toString('utf8') : '\ufffd';
    at += found ? found.length : 1;
  }
  return text;
}

function isOneCodePoint(piece: Buffer): boolean {
  const text = piece.toString('utf8');
  return Buffer.from(text).equals(piece) && [...text].length === 1;
}
