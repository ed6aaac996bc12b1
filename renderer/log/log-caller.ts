import type { LogCaller } from './log-port.ts';

let caller: LogCaller | undefined;

/** The way to the agent's logs; undefined while there is none. */
export function logCaller(): LogCaller | undefined {
  return caller;
}

/** Another agent runs, or another page asks: what was asked before is not answered any more. */
export function setLogCaller(next: LogCaller): void {
  caller = next;
}
