/** Nobody is left alone for longer, whatever a server says, in ms. */
const LONGEST_MS = 60_000;

/** A `Retry-After` header, seconds or a date, in ms from `now` on; undefined for what is neither. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_MS);
}
