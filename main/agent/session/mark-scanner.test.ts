import { describe, expect, it } from 'vitest';
import { MarkScanner } from './mark-scanner.ts';
import { createNonce, type Mark, parseMark } from './marks.ts';

const NONCE = '0123456789ABCDEF0123456789ABCDEF';
const OTHER = 'F123456789ABCDEF0123456789ABCDEF';
const mark = (body: string, nonce = NONCE) => `\x1b]735;${nonce};${body}\x07`;

/** Feeds the pieces and tells what came out: output joined, marks as `<kind fields>`. */
function scan(pieces: readonly (string | Uint8Array)[], nonces: readonly string[] = [NONCE]): string {
  const seen: string[] = [];
  const scanner = new MarkScanner({
    onOutput: (bytes) => seen.push(Buffer.from(bytes).toString('latin1')),
    onMark: (found: Mark) => seen.push(`<${[found.kind, ...found.fields].join(' ')}>`),
  });
  scanner.expect(nonces);
  for (const piece of pieces) scanner.push(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
  scanner.end();
  return seen.join('');
}

describe('MarkScanner', () => {
  const rows: readonly [name: string, input: string, output: string][] = [
    ['plain output', 'hello\r\n', 'hello\r\n'],
    ['an end mark behind output without a newline', `done${mark('E;0')}`, 'done<E 0>'],
    ['a begin mark takes the newline that follows it', `noise${mark('B')}\r\nout`, 'noise<B>out'],
    ['a begin mark with opost off', `${mark('B')}\nout`, '<B>out'],
    ['only one newline belongs to the begin mark', `${mark('B')}\r\n\r\nout`, '<B>\r\nout'],
    ['a newline behind an end mark stays outside', `${mark('E;7')}\r\n`, '<E 7>\r\n'],
    ['two fields', mark('P;130;4711'), '<P 130 4711>'],
    ['two marks in a row', `${mark('E;1')}${mark('P;1;2')}`, '<E 1><P 1 2>'],
    ['another nonce is output', mark('E;0', OTHER), mark('E;0', OTHER)],
    ['a mark of an unknown kind is output', mark('Z;0'), mark('Z;0')],
    ['a mark without an end is output', `\x1b]735;${NONCE};E;0`, `\x1b]735;${NONCE};E;0`],
    ['a body that is too long is output', mark(`E;${'1'.repeat(60)}`), mark(`E;${'1'.repeat(60)}`)],
    ['an introducer within an introducer', `\x1b]73\x1b]735;${NONCE};E;5\x07`, '\x1b]73<E 5>'],
    ['colours pass', '\x1b[31mred\x1b[0m\x1b]0;title\x07', '\x1b[31mred\x1b[0m\x1b]0;title\x07'],
  ];

  it.each(rows)('%s', (_name, input, output) => {
    expect(scan([input])).toBe(output);
  });

  it.each(rows)('%s, byte by byte', (_name, input, output) => {
    expect(scan([...input])).toBe(output);
  });

  it('passes a random stream cut at random places unchanged, marks apart', () => {
    const random = seeded(7);
    for (let round = 0; round < 400; round += 1) {
      const parts: string[] = [];
      let expected = '';
      for (let n = 0; n < 12; n += 1) {
        const piece = somePiece(random);
        parts.push(piece.input);
        expected += piece.output;
      }
      expect(scan(cutAtRandom(parts.join(''), random))).toBe(expected);
    }
  });

  it('holds nothing back that cannot become a mark', () => {
    const seen: string[] = [];
    const scanner = new MarkScanner({
      onOutput: (bytes) => seen.push(Buffer.from(bytes).toString('latin1')),
      onMark: () => seen.push('mark'),
    });
    scanner.expect([NONCE]);
    scanner.push(Buffer.from(`a\x1b]735;${OTHER.slice(0, 1)}`, 'latin1'));
    expect(seen.join('')).toBe(`a\x1b]735;${OTHER.slice(0, 1)}`);
  });
});

describe('createNonce', () => {
  it('has 128 bits, in digits and capitals', () => {
    const nonce = createNonce({ bytes: (count) => new Uint8Array(count).fill(0xab), between: () => 0 });
    expect(nonce).toBe('AB'.repeat(16));
  });
});

describe('parseMark', () => {
  it.each([[''], [';'], [';E;'], [';E;x'], [';EE;0'], ['E;0']])('%j is none', (body) => {
    expect(parseMark(NONCE, body)).toBeUndefined();
  });
});

/** Deterministic, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Output of every sort, imitations among it, and true end marks. */
function somePiece(random: () => number): { readonly input: string; readonly output: string } {
  const noise = Array.from({ length: Math.floor(random() * 20) }, () =>
    String.fromCharCode(Math.floor(random() * 256)),
  ).join('');
  const same = (text: string) => ({ input: text, output: text });
  const choice = Math.floor(random() * 6);
  if (choice === 0) return { input: mark('E;3'), output: '<E 3>' };
  if (choice === 1) return same(mark('E;0', OTHER));
  if (choice === 2) return same(`\x1b]735;${NONCE.slice(0, Math.floor(random() * 31))}!`);
  if (choice === 3) return same(`\x1b]735;${NONCE};E;x`);
  return same(noise);
}

function cutAtRandom(text: string, random: () => number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < text.length) {
    const to = from + 1 + Math.floor(random() * 40);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}
