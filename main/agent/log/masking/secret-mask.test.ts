import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formsOf } from './secret-forms.ts';
import { SecretMask } from './secret-mask.ts';

const secret = (text: string) => Buffer.from(text);

/** What a mask makes of pieces of a stream. */
function masked(secrets: readonly Uint8Array[], pieces: readonly Buffer[]): string {
  return maskedBy(new SecretMask(secrets), pieces);
}
function maskedBy(mask: SecretMask, pieces: readonly Buffer[]): string {
  const stream = mask.stream();
  return Buffer.concat([...pieces.map((piece) => Buffer.from(stream.push(piece))), stream.end()]).toString('latin1');
}
const maskedText = (secrets: readonly string[], text: string) => masked(secrets.map(secret), [Buffer.from(text)]);

/** The same in its plainest form: every byte that belongs to any form, found one by one, in the whole. */
function slowly(forms: readonly Buffer[], text: Buffer): string {
  const longest = Array<number>(text.length).fill(0);
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
      longest[at] = Math.max(longest[at] ?? 0, form.length);
  }
  let reaches = 0;
  const pieces = Array.from(text, (byte, at) => {
    const begins = at >= reaches && longest[at] !== 0;
    reaches = Math.max(reaches, at + (longest[at] ?? 0));
    if (begins) return '[masked]';
    return at < reaches ? '' : String.fromCharCode(byte);
  });
  return pieces.join('');
}

/** Whole numbers from 0 on, the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function cut(text: Buffer, random: (below: number) => number, longest: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const to = at + 1 + random(longest);
    // A copy: whoever reads a terminal may use its buffer again.
    pieces.push(Buffer.from(text.subarray(at, to)));
    at = to;
  }
  return pieces;
}

describe('a secret', () => {
  const value = 'hunter2/+ü?secret';

  it.each([
    ['as it is', value],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64 as echo gives it', Buffer.from(`${value}\n`).toString('base64')],
    ['in base64 for addresses', Buffer.from(value).toString('base64url')],
    ['URL-encoded', encodeURIComponent(value)],
    ['URL-encoded with small digits', encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ key: value }).toString().slice(4)],
  ])('is masked %s', (_name, text) => {
    expect(maskedText([value], `<${text}>`)).toBe('<[masked]>');
  });

  it.each([0, 1, 2])('is masked in base64 behind %i bytes, but for the characters it shares with others', (before) => {
    const key = 'dR7-kQ0zPm4=wX';
    const text = Buffer.from(`${'x'.repeat(before)}${key}!!`).toString('base64');
    const left = maskedText([key], text);
    expect(left).toMatch(/^.{0,3}\[masked\].{0,5}$/);
  });

  it.each([76, 64])('is masked in base64 that is broken at %i characters', (length) => {
    const key = randomBytes(400).toString('hex');
    const lines = Buffer.from(key)
      .toString('base64')
      .replace(new RegExp(`.{${length}}`, 'g'), '$&\n');
    expect(maskedText([key], lines)).toMatch(/^(\[masked\]\n?)+$/);
  });

  it('of several lines is masked line by line, and as one where it stands as one', () => {
    const key = '-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nshort\n-----END KEY-----\n';
    expect(maskedText([key], `a\n${key}b\n`)).toBe('a\n[masked]\nb\n');
    expect(maskedText([key], 'x MIIEpAIBAAKCAQEA y short\n')).toBe('x [masked] y short\n');
  });

  it('of fewer than 8 bytes is none', () => {
    expect(maskedText(['1234567', ''], '1234567 and nothing')).toBe('1234567 and nothing');
    expect(maskedText(['12345678'], '1234567 12345678')).toBe('1234567 [masked]');
  });

  it('leaves no rest where another begins within it', () => {
    expect(maskedText(['abcdefgh', 'efghijkl'], '-abcdefghijkl-')).toBe('-[masked]-');
    expect(maskedText(['abcdefgh'], 'abcdefghabcdefgh')).toBe('[masked][masked]');
  });

  it('is bytes, which need not be text', () => {
    const key = Buffer.from([0xff, 0, 1, 2, 0xfe, 0x80, 9, 10, 13, 7]);
    expect(masked([key], [Buffer.from('a'), key, Buffer.from('b')])).toBe('a[masked]b');
  });

  it('is held back only as long as it may still be one', () => {
    const stream = new SecretMask([secret('abcdefghij')]).stream();
    const push = (text: string) => stream.push(Buffer.from(text)).toString();
    expect(push('say abc')).toBe('say ');
    expect(push('d')).toBe('');
    expect(push('x abcdefghi')).toBe('abcdx ');
    expect(stream.end().toString()).toBe('abcdefghi');
    expect(push('abcdefghij')).toBe('[masked]');
  });

  it('that becomes known later is masked from then on, in a stream that is under way too', () => {
    const mask = new SecretMask([secret('first-secret')]);
    const stream = mask.stream();
    const push = (text: string) => stream.push(Buffer.from(text)).toString();
    expect(push('first-secret second-secret first-')).toBe('[masked] second-secret ');
    mask.add(secret('second-secret'));
    expect(push('secret second-secret')).toBe('[masked] [masked]');
    expect(mask.maskText('second-secret')).toBe('[masked]');
  });

  it('that repeats without end is not held without end', () => {
    const stream = new SecretMask([secret('aaaaaaaaaa')]).stream();
    const all = Array.from({ length: 1_000 }, () => stream.push(Buffer.from('a'.repeat(999))).toString());
    expect([...all, stream.end().toString()].join('')).toBe('[masked]');
  });
});

describe('a masked stream', () => {
  it('is what the plainest search makes of the whole, wherever it is cut', () => {
    const random = createRandom(20_261_124);
    for (let round = 0; round < 400; round += 1) {
      // Few letters, so that forms overlap, repeat, and begin in vain.
      const letters = ['ab', 'abc\n', '0123456789abcdef', 'aé日🎉 /+'][random(4)] ?? '';
      const word = (length: number) =>
        Array.from({ length }, () => Array.from(letters)[random(Array.from(letters).length)]).join('');
      const secrets = Array.from({ length: 1 + random(10) }, () => secret(word(8 + random(30))));
      const forms = secrets.flatMap(formsOf);
      const parts = Array.from({ length: 12 }, () => {
        const form = forms[random(forms.length)] ?? Buffer.alloc(0);
        return random(2) === 0 ? Buffer.from(word(random(20))) : form.subarray(0, 1 + random(form.length + 5));
      });
      const text = Buffer.concat(parts);
      const expected = slowly(forms, text);
      const mask = new SecretMask(secrets);
      expect(maskedBy(mask, cut(text, random, 1 + random(40)))).toBe(expected);
      expect(maskedBy(mask, [text])).toBe(expected);
    }
  });

  it('lets no random secret through, in no form, and changes nothing else', () => {
    const random = createRandom(7);
    for (let round = 0; round < 100; round += 1) {
      const secrets = Array.from({ length: 10 }, () => randomBytes(8 + random(60)));
      const other = () => Buffer.from('.'.repeat(random(300)));
      const forms = secrets.flatMap(formsOf);
      const said = forms.map((form) => [other(), Buffer.from(' '), form]);
      const text = Buffer.concat(said.flat());
      const out = masked(secrets, cut(text, random, 1 + random(200)));
      expect(forms.filter((form) => out.includes(form.toString('latin1')))).toEqual([]);
      expect(out.replaceAll(/[. ]/g, '')).toMatch(/^(\[masked\])+$/);
      expect(out.replaceAll('[masked]', '').length).toBe(
        said.reduce((sum, [filler]) => sum + (filler?.length ?? 0) + 1, 0),
      );
    }
  });
});
