import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOLDER_LISTENS } from './container-holder.ts';
import { HeldTerminal } from './held-terminal.ts';

let stream: Duplex;
let typed: string;
let terminal: HeldTerminal;

beforeEach(() => {
  typed = '';
  stream = new Duplex({
    read: () => undefined,
    write(text, _encoding, done) {
      typed += String(text);
      done();
    },
  });
  terminal = new HeldTerminal(stream, () => Promise.resolve());
});

/** Shows it in two pieces, and resolves when both were read. */
async function show(text: string): Promise<void> {
  const half = Math.floor(text.length / 2);
  for (const piece of [text.slice(0, half), text.slice(half)]) {
    const read = once(stream, 'data');
    stream.push(piece);
    await read;
  }
}

describe('the terminal of a container', () => {
  it('is typed on when the holder listens, not before; what is typed again is typed once', async () => {
    const session = await terminal.openSession({ profile: true });
    session.write('ready?\n');
    session.write('ready?\n');
    await show('the entrypoint takes its time\r\n');
    expect(typed).toBe('');
    await show(HOLDER_LISTENS);
    expect(typed).toBe('profile\nready?\n');
    session.write('ready?\n');
    expect(typed).toBe('profile\nready?\nready?\n');
  });

  it('gets nothing of a session that was given up before the holder listened', async () => {
    const given = await terminal.openSession({ profile: true });
    given.write('ready?\n');
    given.kill();
    await terminal.openSession({ profile: false });
    await show(HOLDER_LISTENS);
    expect(typed).toBe('noprofile\n');
  });

  it('keeps the last words of a container that could not start, however they come in pieces', async () => {
    await terminal.openSession({ profile: true });
    await show(`${'x'.repeat(3_000)}\r\n`);
    await show('no licence\r\n');
    await show('for this machine\r\n');
    expect(terminal.lastWords).toHaveLength(2_000 - '\r\r\r\n'.length);
    expect(terminal.lastWords.split('\n').slice(1)).toEqual(['no licence', 'for this machine']);
  });
});
