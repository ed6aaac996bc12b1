import { expect, it } from 'vitest';
import { FakeJobLog } from '../log/fake-job-log.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { systemRandom } from '../platform/random.ts';
import type { ByteSession } from './byte-session.ts';
import { JobShell } from './job-shell.ts';

/** A terminal on which every command prints a line and passes, in one piece with its marks. */
class FakeTerminal implements ByteSession {
  readonly closed = new Promise<void>(() => undefined);
  private receiver: (bytes: Uint8Array) => void = () => undefined;
  private isPaused = false;
  private unread: string[] = [];

  write(text: string): void {
    const [, nonce = '', kind = ''] = /735;([0-9A-F]{32});(\w)/.exec(text) ?? [];
    const mark = (body: string) => `\x1b]735;${nonce};${body}\x07`;
    this.unread.push(kind === 'R' ? mark('R;5;4;0;0') : `${mark('B')}\noutput\n${mark('E;0')}`);
    this.handOut();
  }

  onBytes(receiver: (bytes: Uint8Array) => void): void {
    this.receiver = receiver;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.handOut();
  }

  kill(): void {
    this.isPaused = true;
  }

  private handOut(): void {
    while (!this.isPaused && this.unread.length > 0) this.receiver(Buffer.from(this.unread.shift() ?? ''));
  }
}

/** A log on a disk that takes nothing until it is told to. */
class StuckJobLog extends FakeJobLog {
  keepUp: () => void = () => undefined;
  private readonly keptUp = new Promise<void>((resolve) => {
    this.keepUp = () => {
      this.backlog = 0;
      resolve();
    };
  });

  override output(bytes: Uint8Array): void {
    this.backlog = 100 * 1024 * 1024;
    super.output(bytes);
  }

  override drained(): Promise<void> {
    return this.keptUp;
  }
}

it('counts the time of a command only from when its terminal is read: the disk may keep up minutes later', async () => {
  const [clock, log, terminal] = [new FakeClock(), new StuckJobLog(), new FakeTerminal()];
  const place = { open: () => Promise.resolve(terminal), placeFile: () => Promise.resolve('/command') };
  const shell = new JobShell({ place, log, clock, random: systemRandom });
  expect(await shell.runCommand({ directive: 'much' })).toBe(0);
  const next = shell.runCommand({ directive: 'next' });
  await clock.advance(10 * 60_000);
  log.keepUp();
  expect(await next).toBe(0);
  expect(log.events).toEqual(['> much', 'output\n', '< 0', '> next', 'output\n', '< 0']);
});
