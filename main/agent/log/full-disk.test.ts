import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { logEventSchema } from '../hub/wire.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { EventFile, type LogHandle } from './event-file.ts';
import { EventLog } from './event-log.ts';

let folder: PrivateFolder;
let real: FileHandle;
let file: EventFile;
let log: EventLog;
let problems: string[];
/** Bytes that the disk has room for. */
let room: number;

beforeEach(async () => {
  folder = await createPrivateFolder(tmpdir());
  real = await open(join(folder.path, 'events.jsonl'), 'wx+', 0o600);
  problems = [];
  room = Number.POSITIVE_INFINITY;
  file = new EventFile(smallDisk(), (code) => problems.push(code));
  log = new EventLog(file, new FakeClock());
});
afterEach(async () => {
  await log.close();
  await file.release();
  await folder.remove();
});

/** A real file on a disk that takes what it has room for, as a real one: the last write is cut, the next one fails. */
function smallDisk(): LogHandle {
  const writev = async (buffers: readonly Uint8Array[], at: number) => {
    const bytes = Buffer.concat(buffers);
    const fits = Math.min(bytes.length, room - at);
    if (fits <= 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    return real.write(bytes, 0, fits, at);
  };
  return {
    writev: writev as unknown as LogHandle['writev'],
    read: real.read.bind(real),
    truncate: real.truncate.bind(real),
    close: real.close.bind(real),
  };
}

/** What readers get, read in small parts. */
async function events(of = file) {
  let position = { event: 0, offset: 0 };
  const lines: string[] = [];
  while (position.offset < of.size) {
    const { events: count, bytes } = await of.read(position, { events: 2, bytes: 300 });
    lines.push(...bytes.toString().split('\n').slice(0, -1));
    position = { event: position.event + count, offset: position.offset + bytes.length };
  }
  expect(lines).toHaveLength(of.events);
  return lines.map((line) => logEventSchema.parse(JSON.parse(line)));
}
const told = async () =>
  (await events()).map((event) =>
    event.event === 'cmd_output' ? event.output : event.event === 'cmd_started' ? `> ${event.directive}` : event.event,
  );
const GAP = (bytes: number) =>
  `\n[Here ${bytes} bytes of output are missing: the agent's disk did not take them (ENOSPC)]\n`;

async function command(directive: string, output: string): Promise<void> {
  log.commandStarted(directive);
  log.output(Buffer.from(output));
  log.commandFinished(0);
  await log.drained();
}

it('goes on after a full disk, says what is missing, and tells how every command went', async () => {
  log.jobStarted();
  await command('first', 'kept\n');
  room = file.size + 200;
  await command('second', 'x'.repeat(10_000));
  await command('third', 'y'.repeat(500));
  log.jobFinished('passed');
  await log.close();
  expect(await told()).toEqual([
    'job_started',
    '> first',
    'kept\n',
    'cmd_finished',
    '> second',
    GAP(10_000),
    'cmd_finished',
    '> third',
    GAP(500),
    'cmd_finished',
    'job_finished',
  ]);
  expect(problems).toEqual(['ENOSPC']);
});

it('keeps no torn line in the file', async () => {
  log.jobStarted();
  await log.drained();
  room = file.size + 90;
  await command('second', 'x'.repeat(100));
  await log.close();
  const there = readFileSync(join(folder.path, 'events.jsonl'), 'utf8');
  for (const line of there.split('\n').slice(0, -1)) logEventSchema.parse(JSON.parse(line));
  expect(there.endsWith('\n')).toBe(true);
  expect((await events()).map(({ event }) => event)).toEqual([
    'job_started',
    'cmd_started',
    'cmd_output',
    'cmd_finished',
  ]);
});

it('writes again when there is room again, in order', async () => {
  log.jobStarted();
  await log.drained();
  room = file.size;
  await command('second', 'lost');
  await command('third', 'lost too');
  room = Number.POSITIVE_INFINITY;
  await command('fourth', 'here\n');
  await log.close();
  expect(await told()).toEqual([
    'job_started',
    '> second',
    GAP(4),
    'cmd_finished',
    '> third',
    GAP(8),
    'cmd_finished',
    '> fourth',
    'here\n',
    'cmd_finished',
  ]);
  expect(readFileSync(join(folder.path, 'events.jsonl'), 'utf8').split('\n')).toHaveLength(file.events + 1);
});

it('keeps nothing of output in the memory, however much there is', async () => {
  log.commandStarted('endless');
  await log.drained();
  room = file.size;
  for (let n = 0; n < 2_000; n += 1) {
    log.output(Buffer.alloc(20_000, 'z'));
    if (log.backlog > 1_000_000) await log.drained();
  }
  log.commandFinished(0);
  await log.close();
  expect(await told()).toEqual(['> endless', GAP(40_000_000), 'cmd_finished']);
  expect(file.size).toBeLessThan(1_000);
});

it('has its lines from a disk that takes them in any pieces', async () => {
  for (let size = 1; size < 400; size += 7) {
    room = size;
    const one = new EventFile(smallDisk(), () => undefined);
    const other = new EventLog(one, new FakeClock());
    other.jobStarted();
    other.line('some output\n');
    other.jobFinished('passed');
    await other.close();
    expect((await events(one)).map(({ event }) => event)).toEqual(['job_started', 'cmd_output', 'job_finished']);
  }
});
