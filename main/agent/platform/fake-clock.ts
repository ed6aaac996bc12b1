import type { Clock, Timer } from './clock.ts';

interface Waiting {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. Timers fire in the order of their times. */
export class FakeClock implements Clock {
  private time: number;
  private readonly waiting = new Set<Waiting>();

  constructor(startMs = 1_700_000_000_000) {
    this.time = startMs;
  }

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  /** How many sleeps and timers are waiting. */
  get pending(): number {
    return this.waiting.size;
  }

  /** When the next one is due, in milliseconds from now; undefined when nothing waits. */
  get untilNext(): number | undefined {
    const times = [...this.waiting].map((entry) => entry.at - this.time);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const onAbort = () => {
        timer.cancel();
        resolve();
      };
      const timer = this.startTimer(ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  startTimer(ms: number, callback: () => void): Timer {
    const entry: Waiting = { at: this.time + ms, fire: callback };
    this.waiting.add(entry);
    return { cancel: () => this.waiting.delete(entry) };
  }

  /** The process was stopped for so long: what came due meanwhile fires behind it, at the next `advance`. */
  leap(ms: number): void {
    this.time += ms;
  }

  /** Moves time on by `ms`, firing what comes due on the way and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const due = [...this.waiting].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.time = Math.max(this.time, due.at);
      this.waiting.delete(due);
      due.fire();
      await settle();
    }
    this.time = Math.max(this.time, end);
  }
}

/** Lets everything that is already resolved run to its next wait: a turn of the event loop drains all microtasks. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
