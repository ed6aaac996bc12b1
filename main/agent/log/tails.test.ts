import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AwaitedCommands,
  FIRST_CREDIT,
  outputSize,
  type TailMessage,
  tailBatchSchema,
} from '../../../shared/contract/tail.ts';
import { systemClock } from '../platform/clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { EventFile } from './event-file.ts';
import { EventLog } from './event-log.ts';
import { LogIndex } from './index/log-index.ts';
import { type TailedLog, type TailPort, Tails } from './tails.ts';

let folder: PrivateFolder;
let file: EventFile;
let log: EventLog;
let live: TailedLog;
let awaited: AwaitedCommands | undefined;
let tails: Tails;

beforeEach(async () => {
  folder = await createPrivateFolder(tmpdir());
  file = await EventFile.create(folder.path, () => undefined);
  const index = new LogIndex();
  awaited = undefined;
  log = new EventLog(file, systemClock, { index });
  live = { id: 'j1', name: 'Unit tests', startedAt: 1, file, index, awaited: () => awaited };
  tails = new Tails(systemClock);
});
afterEach(async () => {
  await log.close();
  await file.release();
  await folder.remove();
});

/** Its patience with a window is seconds, which is too long for a test. */
function beImpatient(): void {
  tails = new Tails({ ...systemClock, startTimer: (ms, callback) => systemClock.startTimer(ms / 100, callback) });
}

/** A window of which the test says how fast it reads. */
class FakeWindow implements TailPort {
  readonly messages: TailMessage[] = [];
  /** Size of the output that came. */
  received = 0;
  private onGrant: (message: unknown) => void = () => undefined;
  private onGone: () => void = () => undefined;
  private looking: () => void = () => undefined;

  constructor(private readonly keepsUp: boolean) {
    tails.add(this);
    if (keepsUp) this.grant(FIRST_CREDIT);
  }
  send(batch: readonly TailMessage[]): void {
    const parsed = tailBatchSchema.parse(structuredClone(batch));
    this.messages.push(...parsed);
    const size = outputSize(parsed);
    this.received += size;
    if (this.keepsUp && size > 0) this.grant(size);
    this.looking();
  }
  onMessage(receiver: (message: unknown) => void): void {
    this.onGrant = receiver;
  }
  onClose(receiver: () => void): void {
    this.onGone = receiver;
  }
  grant(credit: unknown): void {
    this.onGrant({ credit });
  }
  leave(): void {
    this.onGone();
  }
  /** All output so far. */
  get text(): string {
    return this.messages.map((one) => (one.kind === 'output' ? one.text : '')).join('');
  }
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.looking = () => condition() && resolve();
      this.looking();
    });
  }
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `line ${String(from + n).padStart(7, '0')}\n`).join('');

async function finish(): Promise<void> {
  log.jobFinished('passed');
  await log.close();
  await tails.end(live, 'passed');
}

describe('a tail', () => {
  it('brings commands with their ends, and output as it came', async () => {
    const window = new FakeWindow(true);
    tails.begin(live);
    log.jobStarted();
    log.commandStarted('echo one');
    log.output(Buffer.from('o\u001b[32mne\r\n'));
    log.commandFinished(0);
    log.commandStarted('false');
    log.output(Buffer.from('no end of line'));
    log.commandFinished(1);
    await finish();
    expect(window.messages[0]).toEqual({ kind: 'job', id: 'j1', name: 'Unit tests', startedAt: 1 });
    const ended = window.messages.flatMap((one) => (one.kind === 'command' && one.command.end ? [one.command] : []));
    expect(ended.map(({ number, directive, end }) => [number, directive, end?.exitCode])).toEqual([
      [0, 'echo one', 0],
      [1, 'false', 1],
    ]);
    expect(window.messages.filter(({ kind }) => kind === 'output')).toEqual([
      { kind: 'output', number: 0, text: 'o\u001b[32mne\n' },
      { kind: 'output', number: 1, text: 'no end of line' },
    ]);
    expect(window.messages.at(-1)).toMatchObject({ kind: 'ended', result: 'passed' });
  });

  it('tells what is still to come together with the command that begins, and to a window that comes later', async () => {
    const told = ({ messages }: FakeWindow) => messages.filter(({ kind }) => kind === 'awaited');
    const first = new FakeWindow(true);
    tails.begin(live);
    const wanted: TailMessage[] = [];
    for (const [number, names] of [['make', 'make test'], ['make test'], []].entries()) {
      awaited = { names, more: 0, skipped: 0 };
      wanted.push({ kind: 'awaited', ...awaited });
      log.commandStarted(`command ${number}`);
      await first.until(() => first.messages.filter(({ kind }) => kind === 'command').length > 2 * number);
      expect(told(first)).toEqual(wanted);
      log.commandFinished(0);
      await first.until(() => first.messages.filter(({ kind }) => kind === 'command').length > 2 * number + 1);
    }
    expect(told(first)).toEqual(wanted);
    const second = new FakeWindow(true);
    await second.until(() => told(second).length > 0);
    awaited = { names: [], more: 0, skipped: 2 };
    await finish();
    const last = { kind: 'awaited', ...awaited };
    expect([told(first).at(-1), told(second)]).toEqual([last, [wanted.at(-1), last]]);
    expect(told(new FakeWindow(true))).toEqual([last]);
  });

  it('loses and doubles no line when one window closes and another opens in the middle', async () => {
    tails.begin(live);
    log.jobStarted();
    log.commandStarted('count');
    const first = new FakeWindow(true);
    log.output(Buffer.from(lines(0, 1_000)));
    await first.until(() => first.text.length > 0);
    first.leave();
    log.output(Buffer.from(lines(1_000, 2_000)));
    const second = new FakeWindow(true);
    log.output(Buffer.from(lines(2_000, 3_000)));
    log.commandFinished(0);
    await finish();
    expect(second.text).toBe(lines(0, 3_000));
    expect(second.messages.filter(({ kind }) => kind === 'job')).toHaveLength(1);
    expect(lines(0, 3_000).startsWith(first.text)).toBe(true);
  });

  it('begins near the end of a long log, with a whole line of it and the command to which that belongs', async () => {
    tails.begin(live);
    log.commandStarted('first');
    log.commandFinished(0);
    log.commandStarted('second');
    log.output(Buffer.from(lines(0, 100_000)));
    await log.drained();
    const window = new FakeWindow(true);
    log.commandFinished(0);
    await finish();
    const skipped = window.messages.find((one) => one.kind === 'skipped');
    expect(skipped?.bytes).toBeGreaterThan(1_000_000);
    expect(lines(0, 100_000).endsWith(window.text)).toBe(true);
    expect(window.text).toMatch(/line 0099999\n$/);
    expect(window.text.length).toBeLessThan(300_000);
    const outputs = window.messages.flatMap((one) => (one.kind === 'output' ? [one.number] : []));
    expect(new Set(outputs)).toEqual(new Set([1]));
  });

  it('sends no more output than a window grants, and lets nobody wait for one that takes nothing', async () => {
    beImpatient();
    tails.begin(live);
    const slow = new FakeWindow(false);
    log.commandStarted('count');
    log.output(Buffer.from(lines(0, 50_000)));
    await log.drained();
    expect(slow.text).toBe('');
    slow.grant(1);
    await slow.until(() => slow.received > 0);
    // One batch, of 64 KiB at most, as the grant was not empty.
    expect(slow.received).toBeLessThan(64 * 1024);
    log.commandFinished(0);
    await finish();
    expect(slow.messages.at(-1)?.kind).toBe('ended');
    expect(slow.received).toBeLessThan(64 * 1024);
  });

  it('passes over grants that are none', async () => {
    beImpatient();
    tails.begin(live);
    const window = new FakeWindow(false);
    for (const grant of [-5, 0, 1.5, Number.NaN, 'all', null]) window.grant(grant);
    log.commandStarted('count');
    log.output(Buffer.from(lines(0, 10)));
    log.commandFinished(0);
    await finish();
    expect(window.text).toBe('');
  });

  it('shows the end of the last job to a window that comes later', async () => {
    tails.begin(live);
    log.commandStarted('echo late');
    log.output(Buffer.from('late\n'));
    log.commandFinished(0);
    await finish();
    const window = new FakeWindow(true);
    expect(window.messages.map(({ kind }) => kind)).toEqual(['job', 'command', 'output', 'ended']);
    expect(window.text).toBe('late\n');
  });

  it('is over for good when its window has gone in the middle of a read', async () => {
    tails.begin(live);
    const window = new FakeWindow(true);
    log.commandStarted('count');
    log.output(Buffer.from(lines(0, 50_000)));
    await window.until(() => window.received > 0);
    window.leave();
    await finish();
    expect(window.messages.some(({ kind }) => kind === 'ended')).toBe(false);
  });
});
