import type Docker from 'dockerode';
import type { Clock } from '../../platform/clock.ts';
import { linesOf } from './lines-of.ts';

/** The engine hears of it after the process that died is gone. In s; it takes whole ones. */
const PATIENCE_S = 1;

/**
 * How often something in a container was killed for want of memory, as far as the engine remembers. What it says of the
 * container's own state is true only when the container has ended. Source: Docker Engine API, `GET /events`, event `oom`.
 */
export async function countMemoryKills(docker: Docker, id: string, clock: Clock): Promise<number> {
  const until = Math.ceil(clock.now() / 1_000) + PATIENCE_S;
  const filters = { container: [id], event: ['oom'] };
  const stream = await Promise.resolve(docker.getEvents({ since: 1, until, filters }));
  // The clock of an engine in a virtual machine may be late: then this is the end.
  const limit = clock.startTimer((PATIENCE_S + 2) * 1_000, () => (stream as unknown as { destroy(): void }).destroy());
  let count = 0;
  try {
    for await (const _ of linesOf(stream)) count += 1;
  } catch {
    // Cut off: what was counted stands.
  } finally {
    limit.cancel();
  }
  return count;
}
