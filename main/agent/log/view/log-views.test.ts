import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, createCaller, type Wire } from '../../../../shared/contract/caller.ts';
import type { Envelope } from '../../../../shared/contract/contract.ts';
import { logContract, type SearchProgress } from '../../../../shared/contract/log.ts';
import { createResponder } from '../../../../shared/contract/responder.ts';
import { systemClock } from '../../platform/clock.ts';
import { FakeClock } from '../../platform/fake-clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../../platform/private-folder.ts';
import { EventFile } from '../event-file.ts';
import { EventLog } from '../event-log.ts';
import { LogIndex } from '../index/log-index.ts';
import { readDescriptor } from '../search/read-descriptor.ts';
import { searchContract } from '../search/search-contract.ts';
import { createSearchSession } from '../search/search-session.ts';
import type { StartThread } from '../search/search-thread.ts';
import type { LiveLog } from '../tails.ts';
import { LogViews } from './log-views.ts';
import type { StoredJob } from './readable-log.ts';

const ABOUT = {
  project: 'web-frontend',
  ref: 'main',
  commit: '4f2c1e9',
  pipeline: '',
  organizationUrl: '',
  executor: 'shell',
} as const;
let folder: PrivateFolder;
let file: EventFile;
let log: EventLog;
let live: LiveLog;
let views: LogViews;
let stored: StoredJob | undefined;

beforeEach(async () => {
  folder = await createPrivateFolder(tmpdir());
  file = await EventFile.create(folder.path, () => undefined);
  const index = new LogIndex();
  log = new EventLog(file, systemClock, { index });
  live = { id: 'j1', name: 'Unit tests', about: ABOUT, startedAt: 1, file, index };
  stored = undefined;
  views = new LogViews({ clock: systemClock, startThread: threadHere, findStored: async () => stored });
});
afterEach(async () => {
  views.close();
  await log.close();
  await file.release();
  await folder.remove();
});

/** Two ends of a wire that copies as processes do. */
function wires(): readonly [Wire, Wire, close: () => void] {
  const receivers: ((message: unknown) => void)[] = [];
  const closers: (() => void)[] = [];
  const end = (own: number): Wire => ({
    send: (envelope: Envelope) =>
      void Promise.resolve(structuredClone(envelope)).then((copy) => receivers[1 - own]?.(copy)),
    onMessage(receiver) {
      receivers[own] = receiver;
    },
    onClose: (receiver) => void closers.push(receiver),
  });
  return [end(0), end(1), () => closers.forEach((close) => void close())];
}

/** What the thread of a search does, without a thread: it reads the same file. */
const threadHere: StartThread = () => {
  const [near, far, close] = wires();
  const responder = createResponder(
    searchContract,
    far,
    createSearchSession({
      readAt: readDescriptor,
      onProgress: (progress) => responder.emit('searched', progress),
      onAlive: () => responder.emit('alive', null),
    }),
    () => undefined,
  );
  return { wire: near, end: close };
};

function openWindow(): { window: Caller<typeof logContract>; leave: () => void } {
  const [near, far, close] = wires();
  views.add(far);
  const startTimer = (ms: number, callback: () => void) => {
    const timer = systemClock.startTimer(ms, callback);
    return () => timer.cancel();
  };
  return { window: createCaller(logContract, near, startTimer), leave: close };
}

const LIMIT = 10_000;
const texts = async (window: Caller<typeof logContract>, from: number, count: number) =>
  (await window.request('lines', { from, count }, LIMIT)).lines.map(({ text }) => text);

function write(from: number, to: number): void {
  for (let n = from; n < to; n += 1) log.output(Buffer.from(`line ${n}\r\n`));
}

describe('a window that reads the log of a running job', () => {
  it('gets any lines of it, and is told how it grows and ends', async () => {
    views.begin(live);
    log.jobStarted();
    log.commandStarted('count');
    write(0, 5_000);
    const { window } = openWindow();
    const grown = new Promise<number>((resolve) => {
      window.on('grew', ({ lines, end, commands }) => {
        if (end && commands.length >= 0) resolve(lines);
      });
    });
    expect(await window.request('open', { job: '' }, LIMIT)).toMatchObject({
      id: 'j1',
      about: ABOUT,
      commands: [{ directive: 'count' }],
    });
    write(5_000, 9_000);
    log.commandFinished(0);
    log.jobFinished('passed');
    await log.close();
    void views.end(live, 'passed');
    expect(await grown).toBe(9_000);
    expect(live.index.bytes).toBe(file.size);
    expect(await texts(window, 8_998, 10)).toEqual(['line 8998', 'line 8999']);
    expect(await texts(window, 1_234, 1)).toEqual(['line 1234']);
  });

  it('searches it, finds the first failure, and copies', async () => {
    views.begin(live);
    log.commandStarted('fine');
    log.output(Buffer.from('all is well, 0 errors\r\n'));
    log.commandFinished(0);
    log.commandStarted('broken');
    write(0, 20_000);
    log.output(Buffer.from('no errors so far\r\nfatal: it broke\r\n'));
    write(0, 100);
    log.commandFinished(2);
    await log.drained();
    const { window } = openWindow();
    await window.request('open', { job: 'j1' }, LIMIT);
    expect(await window.request('firstFailure', null, LIMIT)).toEqual({ command: 1, line: 20_002 });
    const done = new Promise<SearchProgress>((resolve) => {
      window.on('searched', (progress) => progress.done === 1 && resolve(progress));
    });
    const query = { text: 'LINE 1999', matchesCase: false, wholeWord: false, isExpression: false };
    expect(await window.request('search', { query, near: 0 }, LIMIT)).toEqual({ problem: '' });
    expect((await done).matches).toBe(11);
    const found = await window.request('findMatch', { from: { line: 3_000, column: 0 }, direction: 'next' }, LIMIT);
    expect(found).toMatchObject({ match: { line: 19_991, start: 0, end: 9 } });
    const copied = await window.request(
      'text',
      { from: { line: 20_001, column: 3 }, to: { line: 20_002, column: 5 } },
      LIMIT,
    );
    expect(copied).toEqual({ text: 'errors so far\nfatal' });
    const broken = { ...query, text: '(', isExpression: true };
    expect((await window.request('search', { query: broken, near: 0 }, LIMIT)).problem).toMatch(/^Not a regular/);
  });

  it('is told of its search as seldom as of its growth, however fast that is', async () => {
    const clock = new FakeClock();
    views = new LogViews({ clock, startThread: threadHere, findStored: async () => undefined });
    views.begin(live);
    log.commandStarted('fast');
    const { window } = openWindow();
    await window.request('open', { job: '' }, LIMIT);
    const told: SearchProgress[] = [];
    window.on('searched', (progress) => told.push(progress));
    const query = { text: 'line', matchesCase: true, wholeWord: false, isExpression: false };
    await window.request('search', { query, near: 0 }, LIMIT);
    await expect.poll(() => told.at(-1)?.done).toBe(1);
    const before = told.length;
    for (let n = 0; n < 200; n += 1) {
      write(n * 10, n * 10 + 10);
      log.line('');
      await log.drained();
    }
    expect(told.length).toBe(before);
    await clock.advance(50);
    await expect.poll(() => told.at(-1)?.matches).toBe(2_000);
    expect(told.length).toBeLessThan(before + 5);
  });

  it('is told more seldom of what grows faster than anybody can read', async () => {
    const clock = new FakeClock();
    views = new LogViews({ clock, startThread: threadHere, findStored: async () => undefined });
    views.begin(live);
    const { window } = openWindow();
    await window.request('open', { job: '' }, LIMIT);
    const told: number[] = [];
    window.on('grew', ({ lines }) => told.push(lines));
    const grow = async (from: number, to: number) => {
      write(from, to);
      log.line('');
      await log.drained();
    };
    await grow(0, 40_000);
    await clock.advance(50);
    expect(told).toEqual([40_000]);
    await grow(40_000, 40_010);
    await clock.advance(199);
    expect(told).toHaveLength(1);
    await clock.advance(1);
    expect(told).toEqual([40_000, 40_010]);
    await grow(40_010, 40_020);
    await clock.advance(50);
    expect(told).toHaveLength(3);
  });

  it('keeps the last log until another job begins and nobody reads it', async () => {
    views.begin(live);
    const { window, leave } = openWindow();
    await window.request('open', { job: 'j1' }, LIMIT);
    await log.close();
    let isLetGo = false;
    const letGo = views.end(live, 'passed').then(() => {
      isLetGo = true;
    });
    const next = {
      ...live,
      id: 'j2',
      file: await EventFile.create((await createPrivateFolder(folder.path)).path, () => undefined),
    };
    views.begin(next);
    expect(isLetGo).toBe(false);
    leave();
    await letGo;
    await next.file.release();
  });
});

describe('a log that is kept', () => {
  beforeEach(async () => {
    log.commandStarted('count');
    write(0, 30_000);
    log.commandFinished(1);
    log.jobFinished('failed');
    await log.close();
    stored = { id: 'old', name: 'Old', startedAt: 1, end: { result: 'failed', at: 2 }, folder: folder.path };
  });

  it('shows its end while it is read through for the first time, and opens at once from then on', async () => {
    const { window } = openWindow();
    const indexed = new Promise<number>((resolve) => {
      window.on('grew', ({ bytes, indexedBytes, lines }) => indexedBytes === bytes && resolve(lines));
    });
    const opened = await window.request('open', { job: 'old' }, LIMIT);
    expect(opened?.preview.at(-2)).toBe('line 29999');
    expect(await indexed).toBe(30_000);
    expect(await texts(window, 29_990, 1)).toEqual(['line 29990']);
    const again = openWindow().window;
    await expect.poll(async () => (await again.request('open', { job: 'old' }, LIMIT))?.lines).toBe(30_000);
    expect((await again.request('open', { job: 'old' }, LIMIT))?.commands).toMatchObject([{ end: { exitCode: 1 } }]);
  });

  it('is saved as text, or says why not', async () => {
    const path = join(folder.path, 'saved.txt');
    expect(await views.save('old', path)).toBe('');
    await rm(path);
    expect(await views.save('old', join(folder.path, 'nowhere', 'saved.txt'))).toMatch(
      /cannot be written .* \(ENOENT\)$/,
    );
  });
});
