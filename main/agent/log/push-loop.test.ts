import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Http, type HttpCall, HttpError } from '../hub/http.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { EventFile } from './event-file.ts';
import { EventLog } from './event-log.ts';
import { type PushEnd, runPushLoop } from './push-loop.ts';

let folder: PrivateFolder;
let file: EventFile;
let clock: FakeClock;
let log: EventLog;
let server: FakeLogServer;
let problems: string[];
let reads: number;

/** Stores what it is sent, by position; `answers` are given first, one for each call. */
class FakeLogServer implements Http {
  readonly answers: (number | HttpError)[] = [];
  readonly stored: string[] = [];
  /** It takes so long for each answer, in ms. */
  slowMs = 0;
  /** Something before it hangs up on what is longer, in bytes. */
  longest = Number.POSITIVE_INFINITY;
  /** Before the next answers the agent is stopped for so long, in ms. */
  readonly stops: number[] = [];
  readonly urls: string[] = [];
  readonly calls: { readonly at: number; readonly from: number; readonly events: number; readonly token: string }[] =
    [];

  async send(call: HttpCall) {
    this.urls.push(call.url);
    const from = Number(new URL(call.url).searchParams.get('start_from'));
    const lines = Buffer.from(call.body ?? '')
      .toString()
      .split('\n')
      .slice(0, -1);
    this.calls.push({ at: clock.now(), from, events: lines.length, token: call.headers?.authorization ?? '' });
    if ((call.body?.length ?? 0) > this.longest) throw new HttpError('unreachable', 'the connection was reset');
    clock.leap(this.stops.shift() ?? 0);
    if (this.slowMs > 0) await clock.sleep(this.slowMs);
    const answer = this.answers.shift() ?? 200;
    if (typeof answer !== 'number') throw answer;
    if (answer === 200) this.stored.splice(from, this.stored.length, ...lines);
    return { status: answer, text: '' };
  }

  async close() {
    // Nothing was opened.
  }
}

beforeEach(async () => {
  folder = await createPrivateFolder(tmpdir());
  file = await EventFile.create(folder.path, (code) => problems.push(code));
  clock = new FakeClock(1_000_000);
  log = new EventLog(file, clock);
  server = new FakeLogServer();
  problems = [];
  countReads();
});
afterEach(async () => {
  await log.close();
  await file.release();
  await folder.remove();
});

function countReads(): void {
  reads = 0;
  const read = file.read.bind(file);
  file.read = async (from, limits) => {
    reads += 1;
    const batch = await read(from, limits);
    reads -= 1;
    return batch;
  };
}

let tokens: number;
function push(url = 'http://log.example/logs/1'): Promise<PushEnd> {
  tokens = 0;
  return runPushLoop({
    file,
    http: server,
    clock,
    url,
    token: 'first',
    refreshToken: async () => {
      tokens += 1;
      return `token-${tokens}`;
    },
    onProblem: (message) => problems.push(message),
  });
}

/** Advances in small steps, and lets the loop come to its next wait in each: time must not run ahead of the real file. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    await clock.advance(Math.min(50, left));
    await settled();
  }
}

/** Nothing is being read or written, and what followed from that has happened. */
async function settled(): Promise<void> {
  do {
    await new Promise((resolve) => setImmediate(resolve));
  } while (reads > 0 || file.backlog > 0);
  await new Promise((resolve) => setImmediate(resolve));
}

async function finishWith(pushed: Promise<PushEnd>): Promise<PushEnd> {
  await log.close();
  let end: PushEnd | undefined;
  void pushed.then((value) => {
    end = value;
  });
  for (let minutes = 0; end === undefined && minutes < 60; minutes += 1) await pass(5_000);
  return pushed;
}

describe('the push loop', () => {
  it('brings the first events within 300 ms, then pushes once a second', async () => {
    const pushed = push();
    log.jobStarted();
    await pass(300);
    expect(server.stored).toHaveLength(1);
    for (let n = 0; n < 40; n += 1) {
      log.line(`${n}\n`);
      await pass(100);
    }
    const pauses = server.calls.slice(1).map(({ at }, index) => at - (server.calls[index]?.at ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
    expect(server.calls.length).toBeGreaterThanOrEqual(4);
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.stored).toHaveLength(41);
  });

  it('does not wait while a full batch is there, nor at the end', async () => {
    const pushed = push();
    for (let n = 0; n < 5_000; n += 1) log.line('x\n');
    await log.close();
    await pass(50);
    expect(await pushed).toBe('complete');
    expect(server.calls.map(({ from, events }) => [from, events])).toEqual([
      [0, 2000],
      [2000, 2000],
      [4000, 1000],
    ]);
  });

  it('refreshes the token and sends the same batch again', async () => {
    server.answers.push(401);
    const pushed = push();
    log.jobStarted();
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.calls.map(({ from, token }) => [from, token])).toEqual([
      [0, 'Bearer first'],
      [0, 'Bearer token-1'],
    ]);
  });

  it('asks for another token where the new one is refused, behind a pause', async () => {
    server.answers.push(401, 401);
    const pushed = push();
    log.jobStarted();
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.calls.map(({ token }) => token)).toEqual(['Bearer first', 'Bearer token-1', 'Bearer token-2']);
    expect((server.calls[2]?.at ?? 0) - (server.calls[1]?.at ?? 0)).toBeGreaterThanOrEqual(500);
  });

  it('does not ask for tokens without end where even a new one is refused', async () => {
    server.answers.push(...Array<number>(8).fill(401));
    const pushed = push();
    log.jobStarted();
    expect(await finishWith(pushed)).toBe('complete');
    expect(problems).toHaveLength(1);
    const first = server.calls[0]?.at ?? 0;
    expect((server.calls.at(-1)?.at ?? 0) - first).toBeGreaterThan(5_000);
  });

  it.each([201, 202, 204, 302])('takes nothing but 200 for stored: %i', async (answer) => {
    server.answers.push(answer, answer);
    const pushed = push();
    log.jobStarted();
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.stored).toHaveLength(1);
  });

  it('halves the batch when it is too much', async () => {
    server.answers.push(413, 413);
    const pushed = push();
    for (let n = 0; n < 2_000; n += 1) log.line('x\n');
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.calls.map(({ events }) => events).slice(0, 4)).toEqual([2000, 1000, 500, 1000]);
    expect(server.stored).toHaveLength(2_000);
  });

  it('stops when the log is full', async () => {
    server.answers.push(422);
    const pushed = push();
    log.jobStarted();
    expect(await finishWith(pushed)).toBe('trimmed');
    expect(server.calls).toHaveLength(1);
  });

  it('goes on after failures of every kind, where the server is, and tells of each once', async () => {
    const reset = new HttpError('unreachable', 'the connection was reset');
    server.answers.push(200, 500, 500, reset, reset, 503, new HttpError('timeout', 'no answer within 30 s'));
    const pushed = push();
    log.jobStarted();
    await pass(500);
    log.line('later\n');
    await pass(30_000);
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.stored).toHaveLength(2);
    expect(new Set(server.calls.slice(1).map(({ from }) => from))).toEqual(new Set([1]));
    expect(problems).toHaveLength(4);
  });

  it('waits behind the end of the job for as long as the log moves, however slowly', async () => {
    const pushed = push();
    for (let n = 0; n < 9_000; n += 1) log.line(`line ${n}\n`);
    server.slowMs = 25_000;
    server.answers.push(503, 200, 503, 200, 500, 200, 500, 200);
    const closedAt = clock.now();
    expect(await finishWith(pushed)).toBe('complete');
    expect(clock.now() - closedAt).toBeGreaterThan(120_000);
    expect(server.stored).toHaveLength(9_000);
  });

  it('gives up a minute after the end, when nothing moves', async () => {
    server.answers.push(...Array<number>(1_000).fill(500));
    const pushed = push();
    log.jobStarted();
    await pass(120_000);
    const closedAt = clock.now();
    expect(await finishWith(pushed)).toBe('undelivered');
    expect(clock.now() - closedAt).toBeGreaterThanOrEqual(55_000);
  });

  it('does not give up because it was stopped itself for longer than its patience', async () => {
    server.answers.push(...Array<number>(6).fill(500));
    server.stops.push(0, 600_000);
    const pushed = push();
    log.jobStarted();
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.calls).toHaveLength(7);
  });

  it('gets through what hangs up on a long request', async () => {
    server.longest = 10_000;
    const pushed = push();
    for (let n = 0; n < 2_000; n += 1) log.line(`line ${n}\n`);
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.stored).toHaveLength(2_000);
  });

  it('keeps what the address asks for besides, and says where it starts once', async () => {
    const pushed = push('http://log.example/logs/1?key=a%26b&start_from=7');
    log.jobStarted();
    expect(await finishWith(pushed)).toBe('complete');
    expect(server.urls).toEqual(['http://log.example/logs/1?key=a%26b&start_from=0']);
  });
});
