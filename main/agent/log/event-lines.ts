import type { LogEvent } from '../hub/wire.ts';

/** An event as its line of the log, newline included. The keys stand in the order of the reference agent's. */
export function eventLine(event: LogEvent): Buffer {
  return Buffer.from(`${JSON.stringify(event)}\n`);
}

/** What of some lines comes after so many bytes of them. */
export function behind(lines: readonly Buffer[], bytes: number): readonly Buffer[] {
  let left = bytes;
  let first = 0;
  for (; first < lines.length && left >= (lines[first]?.length ?? 0); first += 1) left -= lines[first]?.length ?? 0;
  const [part, ...others] = lines.slice(first);
  return part ? [part.subarray(left), ...others] : [];
}
