/**
 * Time as the agent sees it. Everything that waits takes a clock, so that tests run on virtual time and no test sleeps.
 * All numbers are milliseconds.
 */
export interface Clock {
  /** Wall clock: milliseconds since the Unix epoch. For timestamps only; it may jump. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back. For measuring and deadlines. */
  monotonic(): number;
  /**
   * Resolves after `ms` milliseconds, or as soon as `signal` aborts. It never rejects: whoever waits looks at the signal
   * afterwards, because being cancelled is not an error.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once after `ms` milliseconds, unless the returned timer is cancelled before. */
  startTimer(ms: number, callback: () => void): Timer;
}

/** A running timer. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** What a timer of Node takes; beyond it would fire at once. Some 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** Unix seconds, as every timestamp on the wire is. */
export function unixSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.min(ms, LONGEST_MS));
      signal?.addEventListener('abort', finish, { once: true });
    });
  },
  startTimer(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_MS));
    return { cancel: () => clearTimeout(timer) };
  },
};
