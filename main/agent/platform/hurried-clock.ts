import type { Clock } from './clock.ts';

/** More than any grace that the agent gives, in ms. */
const AHEAD_MS = 60_000;

/** A clock for work that somebody may have no more patience for: from then on every grace that it measures is over. */
export interface HurriedClock extends Clock {
  hurry(): void;
}

export function createHurriedClock(clock: Clock): HurriedClock {
  let aheadMs = 0;
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic() + aheadMs,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    startTimer: (ms, callback) => clock.startTimer(ms, callback),
    hurry() {
      aheadMs = AHEAD_MS;
    },
  };
}
