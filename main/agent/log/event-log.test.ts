import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logEventSchema } from '../hub/wire.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { EventFile } from './event-file.ts';
import { EventLog } from './event-log.ts';
import { followPlainText } from './plain-text.ts';

let folder: PrivateFolder;
let file: EventFile;
let clock: FakeClock;
let log: EventLog;

beforeEach(async () => {
  folder = await createPrivateFolder(tmpdir());
  file = await EventFile.create(folder.path, (code) => {
    throw new Error(code);
  });
  clock = new FakeClock(1_700_000_000_400);
  log = new EventLog(file, clock);
});
afterEach(async () => {
  await log.close();
  await file.release();
  await folder.remove();
});

async function lines(): Promise<readonly string[]> {
  await log.drained();
  const { bytes } = await file.read({ event: 0, offset: 0 }, { events: 1e9, bytes: 1e9 });
  return bytes.toString().split('\n').slice(0, -1);
}
const events = async () => (await lines()).map((line) => logEventSchema.parse(JSON.parse(line)));
const outputs = async () => (await events()).flatMap((event) => (event.event === 'cmd_output' ? [event.output] : []));

describe('EventLog', () => {
  it('writes the events of the reference agent, key by key', async () => {
    log.jobStarted();
    log.commandStarted('echo "hi"');
    log.output(Buffer.from('hi\r\n'));
    await clock.advance(2_000);
    log.commandFinished(3);
    log.jobFinished('failed');
    expect(await lines()).toEqual([
      '{"event":"job_started","timestamp":1700000000}',
      '{"event":"cmd_started","timestamp":1700000000,"directive":"echo \\"hi\\""}',
      '{"event":"cmd_output","timestamp":1700000000,"output":"hi\\n"}',
      '{"event":"cmd_finished","timestamp":1700000002,"directive":"echo \\"hi\\"","exit_code":3,"started_at":1700000000,"finished_at":1700000002}',
      '{"event":"job_finished","timestamp":1700000002,"result":"failed"}',
    ]);
  });

  it('ends no command before it began, whatever becomes of the clock', async () => {
    log.commandStarted('date -s yesterday');
    clock.now = () => 1_600_000_000_000;
    log.commandFinished(0);
    const finished = (await events()).at(-1);
    expect(finished).toMatchObject({ started_at: 1_700_000_000, finished_at: 1_700_000_000 });
  });

  it('lets output wait for 100 ms, no longer', async () => {
    log.output(Buffer.from('a'));
    await clock.advance(60);
    log.output(Buffer.from('b'));
    await clock.advance(39);
    expect(await outputs()).toEqual([]);
    await clock.advance(1);
    expect(await outputs()).toEqual(['ab']);
  });

  it('keeps lines of the agent apart, behind the output before them', async () => {
    log.output(Buffer.from('before'));
    log.line('Exporting A\n');
    log.line('Exporting B\n');
    expect(await outputs()).toEqual(['before', 'Exporting A\n', 'Exporting B\n']);
  });

  it('cuts output at 16 KiB, never within a code point, and loses none', async () => {
    const text = `${'x'.repeat(16_383)}${'é日🎉'.repeat(9_000)}`;
    log.output(Buffer.from(text));
    log.commandFinished(0);
    const pieces = await outputs();
    expect(pieces.join('')).toBe(text);
    expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThanOrEqual(16 * 1024);
    expect(pieces.join('')).not.toContain('\ufffd');
    expect(pieces.length).toBeLessThan(25);
  });

  it('keeps what a command left unfinished out of the next one', async () => {
    log.output(Buffer.from([0xe2, 0x82]));
    log.commandFinished(0);
    log.commandStarted('next');
    log.output(Buffer.from([0xac]));
    log.commandFinished(0);
    expect(await outputs()).toEqual(['\ufffd\ufffd', '\ufffd']);
  });

  it('is its owner’s alone', async () => {
    log.jobStarted();
    await log.drained();
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder.path, 'events.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('is read in batches, each byte once', async () => {
    for (let n = 0; n < 10; n += 1) log.line(`line ${n}\n`);
    await log.drained();
    const first = await file.read({ event: 0, offset: 0 }, { events: 4, bytes: 1e6 });
    expect(first.events).toBe(4);
    const second = await file.read({ event: 4, offset: first.bytes.length }, { events: 100, bytes: 150 });
    expect(second.events).toBeGreaterThan(0);
    expect(second.bytes.length).toBeLessThanOrEqual(150);
    expect(second.bytes.toString()).toMatch(/^\{.*"line 4\\n".*\}\n/);
    const third = await file.read({ event: 4, offset: first.bytes.length }, { events: 100, bytes: 5 });
    expect(third.events).toBe(1);
  });
});

describe('followPlainText', () => {
  it('gives directives and outputs as they come, until the log is closed', async () => {
    let text = '';
    const followed = followPlainText(file, async (piece) => {
      text += piece;
    });
    log.jobStarted();
    log.commandStarted('first');
    log.line('out\n');
    log.commandFinished(0);
    await log.drained();
    log.commandStarted('second');
    log.jobFinished('passed');
    await log.close();
    await followed;
    expect(text).toBe('first\nout\nsecond\n');
  });
});
