import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { logEventSchema } from '../../hub/wire.ts';
import { FakeClock } from '../../platform/fake-clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../../platform/private-folder.ts';
import { EventFile } from '../event-file.ts';
import { EventLog } from '../event-log.ts';
import { SecretMask } from './secret-mask.ts';

/* Odd secrets on their way from a program over its terminal, in pieces, into a log. */

let folder: PrivateFolder;
let file: EventFile;

beforeEach(async () => {
  folder = await createPrivateFolder(tmpdir());
  file = await EventFile.create(folder.path, (code) => {
    throw new Error(code);
  });
});
afterEach(async () => {
  await file.release();
  await folder.remove();
});

/** Makes every newline a terminal's, then cuts into pieces of so many bytes. */
function overTerminal(printed: Buffer, size: number): readonly Buffer[] {
  const bytes = Buffer.from(printed.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

/** The output of each command, as the log has it. `wait`: of each piece for the next, in ms. */
async function logged(secrets: readonly Buffer[], commands: readonly Buffer[], size: number, wait: number) {
  const clock = new FakeClock();
  const log = new EventLog(file, clock, { mask: new SecretMask(secrets) });
  for (const printed of commands) {
    log.commandStarted('print');
    for (const piece of overTerminal(printed, size)) {
      log.output(piece);
      if (wait > 0) await clock.advance(wait);
    }
    log.commandFinished(0);
  }
  await log.close();
  const { bytes } = await file.read({ event: 0, offset: 0 }, { events: 1e9, bytes: 1e9 });
  const texts: string[] = [];
  for (const line of bytes.toString().split('\n').slice(0, -1)) {
    const event = logEventSchema.parse(JSON.parse(line));
    if (event.event === 'cmd_started') texts.push('');
    if (event.event === 'cmd_output') texts.push(`${texts.pop() ?? ''}${event.output}`);
  }
  return texts;
}

const KEY = '-----BEGIN KEY-----\r\nMIIEpAIBAAKCAQEA\r\nshort\r\n-----END KEY-----\r\n';
const bytes = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)));

it.each<[name: string, secrets: readonly (string | Buffer)[], printed: readonly (string | Buffer)[], shown: string]>([
  ['of several lines', ['line-one\nline-two\nno'], ['a\nline-one\nline-two\nno\nb\n'], 'a\n[masked]\nb\n'],
  ['of several lines, one of them', ['line-one\nline-two\nno'], ['line-two no\n'], '[masked] no\n'],
  ['of several lines, in another order', ['line-one\nline-two'], ['line-two\nline-one\n'], '[masked]\n[masked]\n'],
  ['with lines of another system', [KEY], ['<\n', KEY, '>\n'], '<\n[masked]\r\n>\n'],
  [
    'with lines of another system, made ours',
    [KEY],
    [KEY.replaceAll('\r\n', '\n')],
    '[masked]\n[masked]\nshort\n[masked]\n',
  ],
  ['with a return in it', ['abcd\refgh'], ['abcd\refgh\r\nabcd\r', 'x'], '[masked]\r\nabcd\rx'],
  ['that begins with a return', ['\r\nabcdefgh'], ['x\r\nabcdefgh\n'], 'x[masked]\n'],
  ['of characters of other scripts', ['пароль-日本🎉'], ['<пароль-日本🎉>пароль-日本🎆'], '<[masked]>пароль-日本🎆'],
  ['behind a byte that is none', ['secret-é'], [Buffer.of(0xff), 'secret-é', Buffer.of(0xc3)], '\ufffd[masked]\ufffd'],
  [
    'that is no text',
    [Buffer.from('fffe00c3fffe0a80fe', 'hex')],
    [Buffer.from('61fffe00c3fffe0a80fe62', 'hex')],
    'a[masked]b',
  ],
  [
    'of what patterns are made of',
    ['.*[a-z]+$^(\\d)|?'],
    ['.*[a-z]+$^(\\d)|? aaaaaaaaaaaaaaaaa'],
    '[masked] aaaaaaaaaaaaaaaaa',
  ],
  ['that is the mask', ['[masked]'], ['[masked]'], '[masked]'],
  [
    'that another begins with',
    ['password', 'password-and-more'],
    ['password-and-more password-and-less'],
    '[masked] [masked]-and-less',
  ],
  ['that another ends with', ['password', 'my-password'], ['my-password his-password'], '[masked] his-[masked]'],
  ['of one letter', ['aaaaaaaa'], ['aaaaaaa bbbb aaaaaaaa'], 'aaaaaaa bbbb [masked]'],
  ['that is empty, or next to it', ['', 'x', 'short\n', '1234567'], ['x short 1234567\n'], 'x short 1234567\n'],
  ['with colours in it is not that secret', ['password'], ['pass\u001b[31mword'], 'pass\u001b[31mword'],
])('a secret %s', async (_name, secrets, printed, shown) => {
  const all = secrets.map((secret) => bytes(secret));
  for (const size of [1, 2, 3, 7, 1_000]) {
    for (const wait of [0, 150]) {
      const [text] = await logged(all, [bytes(...printed)], size, wait);
      expect(text).toBe(shown);
      await file.release();
      await folder.remove();
      folder = await createPrivateFolder(tmpdir());
      file = await EventFile.create(folder.path, () => undefined);
    }
  }
});

it('a secret that two commands print is none, and what looked like its begin comes with the first of them', async () => {
  expect(await logged([Buffer.from('password')], [Buffer.from('pass'), Buffer.from('word')], 1_000, 0)).toEqual([
    'pass',
    'word',
  ]);
});
