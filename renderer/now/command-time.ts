import { duration } from '../../shared/agent-snapshot.ts';

/** How long a command took: tenths of a second while they say something, then as everywhere. `ms` may be negative. */
export function commandTime(ms: number): string {
  return ms < 59_950 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : duration(ms);
}
