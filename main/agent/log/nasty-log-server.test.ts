import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NASTY_ANSWERS } from '../../practice/nasty-answers.ts';
import { PracticeHub } from '../../practice/practice-hub.ts';
import type { Http } from '../hub/http.ts';
import { createHttp } from '../hub/undici-http.ts';
import { FakeClock, settle } from '../platform/fake-clock.ts';
import { createPrivateFolder, type PrivateFolder } from '../platform/private-folder.ts';
import { EventFile } from './event-file.ts';
import { EventLog } from './event-log.ts';
import { type PushEnd, runPushLoop } from './push-loop.ts';

/* A real log server over real HTTP that answers badly; only the waiting is virtual. */

let hub: PracticeHub;
let clock: FakeClock;
let folder: PrivateFolder;
let file: EventFile;
let log: EventLog;
let problems: string[];
let end: PushEnd | undefined;
let busy: number;
let http: Http;

beforeEach(async () => {
  hub = await PracticeHub.start();
  clock = new FakeClock();
  folder = await createPrivateFolder(tmpdir());
  problems = [];
  file = await EventFile.create(folder.path, (code) => problems.push(code));
  log = new EventLog(file, clock);
  end = undefined;
  busy = 0;
  http = createHttp(clock);
});
afterEach(async () => {
  await log.close();
  await file.release();
  await folder.remove();
  await hub.close();
  await http.close();
});

/** Virtual time must not run ahead of what takes real time. */
function whileBusy<T>(action: Promise<T>): Promise<T> {
  busy += 1;
  return action.finally(() => {
    busy -= 1;
  });
}

function push(over: { readonly url?: string } = {}): void {
  const counted: Http = { ...http, send: (call) => whileBusy(http.send(call)) };
  const read = file.read.bind(file);
  file.read = (from, limits) => whileBusy(read(from, limits));
  void runPushLoop({
    file,
    http: counted,
    clock,
    ...hub.loggerOf('j1'),
    ...over,
    refreshToken: async () => hub.log('j1').refreshToken(),
    onProblem: (message) => problems.push(message),
  }).then((how) => {
    end = how;
  });
}

/** Lets virtual time pass until something has happened. A call that is under way gets its real time, unless it `hangs`. */
async function passUntil(condition: () => boolean, hangs = false): Promise<void> {
  while (!condition()) {
    if ((busy === 0 || hangs) && file.backlog === 0) await clock.advance(hangs ? 10 : 250);
    for (let turn = 0; turn < 4; turn += 1) await settle();
  }
}

function write(from: number, to: number): void {
  for (let n = from; n < to; n += 1) log.line(`line ${n} é🎉\n`);
}
const expected = (count: number) => Array.from({ length: count }, (_, n) => `line ${n} é🎉\n`).join('');

async function finishAndCheck(count: number, hangs = false): Promise<void> {
  await log.close();
  await passUntil(() => end !== undefined, hangs);
  expect(end).toBe('complete');
  expect(hub.log('j1').text).toBe(expected(count));
  expect(hub.violations).toEqual([]);
}

// A whole 200 means stored, whatever else it says; but for a page, which is none of the server's.
const refusals = Object.entries(NASTY_ANSWERS).filter(([name, { status }]) => status !== 200 || /page/.test(name));

describe.each(refusals)('%s', (_name, nasty) => {
  it('to a push, five times while the job runs and five times at its end, costs no event', async () => {
    hub.injectFault({ on: 'push', skip: 1, times: 5, ...nasty });
    push();
    for (let n = 0; n < 20; n += 1) {
      write(n * 10, n * 10 + 10);
      await clock.advance(500);
    }
    hub.injectFault({ on: 'push', times: 5, ...nasty });
    await finishAndCheck(200);
    expect(problems.length).toBeGreaterThan(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    for (const problem of problems) expect(problem).toMatch(/^[^\x00-\x1f]{1,300}$/);
  });
});

describe('a log server', () => {
  it('that is down for 5 minutes and back gets the whole log, in order', async () => {
    push();
    write(0, 100);
    await passUntil(() => hub.log('j1').count > 0);
    const since = clock.now();
    hub.injectFault({ on: 'push', times: Number.POSITIVE_INFINITY, reset: true });
    for (let n = 1; n < 30; n += 1) {
      write(n * 100, n * 100 + 100);
      await passUntil(() => clock.now() - since >= n * 10_000);
    }
    await passUntil(() => clock.now() - since >= 300_000);
    hub.mend();
    await finishAndCheck(3_000);
    expect(problems).toHaveLength(1);
  });

  it('that is down at the end of the job for less than a minute gets it too', async () => {
    hub.injectFault({ on: 'push', times: Number.POSITIVE_INFINITY, status: 502 });
    push();
    write(0, 5_000);
    await passUntil(() => clock.now() - 1_700_000_000_000 >= 120_000);
    await log.close();
    const since = clock.now();
    await passUntil(() => clock.now() - since >= 50_000);
    expect(end).toBeUndefined();
    hub.mend();
    await finishAndCheck(5_000);
  });

  it('that hangs, before its answer or within, is asked again with half as much', async () => {
    hub.injectFault({ on: 'push', times: 2, stall: '' });
    push();
    write(0, 800);
    await log.close();
    await passUntil(() => end !== undefined, true);
    await finishAndCheck(800);
    const sizes = hub.calls.map(({ body }) => body.split('\n').length - 1);
    expect(sizes.slice(0, 4)).toEqual([800, 400, 200, 400]);
  });

  it('that says stored and never ends saying it has stored', async () => {
    push();
    write(0, 10);
    await passUntil(() => hub.log('j1').count > 0);
    const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nstor';
    hub.injectFault({ on: 'push', stall: whole });
    write(10, 20);
    await log.close();
    await passUntil(() => end !== undefined, true);
    expect(end).toBe('complete');
    expect(hub.calls.filter(({ status }) => status === 'reset')).toHaveLength(1);
  });

  it('that has an answer of any length is not listened to for long', async () => {
    push();
    hub.injectFault({ on: 'push', skip: 1, status: 500, body: 'x'.repeat(20_000_000) });
    write(0, 10);
    await passUntil(() => hub.log('j1').count > 0);
    write(10, 20);
    await finishAndCheck(20);
  });

  it('whose token has expired gets a new one, as often as that happens', async () => {
    push();
    for (let n = 0; n < 5; n += 1) {
      hub.log('j1').expireToken();
      write(n * 10, n * 10 + 10);
      await passUntil(() => hub.log('j1').count === n * 10 + 10);
    }
    await finishAndCheck(50);
    expect(problems).toEqual([]);
  });

  it.each(['', 'no address', 'http://', 'ftp://127.0.0.1/logs', 'http://127.0.0.1:1/logs', '/logs/1'])(
    'at “%s” cannot be had, and the job is not held for longer than a minute',
    async (url) => {
      push({ url });
      write(0, 10);
      await log.close();
      const since = clock.now();
      await passUntil(() => end !== undefined);
      expect(end).toBe('undelivered');
      expect(clock.now() - since).toBeLessThan(70_000);
      expect(problems).toHaveLength(1);
    },
  );
});
