import type { Clock, Timer } from './clock.ts';

/** A limit is measured in so many parts. */
const PARTS = 10;

/**
 * Calls back once when this process has run for so many ms. One that was stopped, or that a machine without a free core did not
 * let run, finds its timers due before all that has come meanwhile: an answer that is there must not be too late for that.
 * Here being stopped costs a tenth of the time at most.
 */
export function startAwakeLimit(clock: Clock, ms: number, callback: () => void): Timer {
  let left = PARTS;
  const next = (): Timer => clock.startTimer(ms / PARTS, tick);
  const tick = () => {
    left -= 1;
    if (left === 0) callback();
    else timer = next();
  };
  let timer = next();
  return { cancel: () => timer.cancel() };
}
