import type { LogEvent } from '../hub/wire.ts';

/** More output than this goes into a further event, in bytes of UTF-8. The log server counts an overhead for each event. */
export const MAX_OUTPUT_BYTES = 16 * 1024;

/** An event as its line of the log, newline included. The keys stand in the order of the reference agent's. */
export function eventLine(event: LogEvent): Buffer {
  return Buffer.from(`${JSON.stringify(event)}\n`);
}

/** Cuts a text into pieces of at most 16 KiB each, never within a code point. */
export function outputPieces(text: string): readonly string[] {
  if (text.length * 3 <= MAX_OUTPUT_BYTES || Buffer.byteLength(text) <= MAX_OUTPUT_BYTES) return [text];
  let middle = Math.min(text.length >> 1, MAX_OUTPUT_BYTES);
  const unit = text.charCodeAt(middle);
  // The second half of a surrogate pair belongs to the first.
  if (unit >= 0xdc00 && unit <= 0xdfff) middle += 1;
  return [...outputPieces(text.slice(0, middle)), ...outputPieces(text.slice(middle))];
}

/** What of some lines comes after so many bytes of them. */
export function behind(lines: readonly Buffer[], bytes: number): readonly Buffer[] {
  let left = bytes;
  let first = 0;
  for (; first < lines.length && left >= (lines[first]?.length ?? 0); first += 1) left -= lines[first]?.length ?? 0;
  const [part, ...others] = lines.slice(first);
  return part ? [part.subarray(left), ...others] : [];
}
