import { compareCall, deletePod } from './compare-exchange.ts';
import type { Exchange } from './recording.ts';
import { openWatch, type ReplayTarget } from './replay.ts';

/** A watch that is being played. */
export interface Watched {
  /** Resolves when all has come that came before a deletion, or everything. */
  settled(everything: boolean): Promise<void>;
  /** Deletes what nobody deleted by name, as was done when it was recorded, and compares. */
  finish(): Promise<readonly string[]>;
}

/** Begins to play a watch. */
export async function beginWatch(exchange: Exchange, target: ReplayTarget): Promise<Watched> {
  const { note, lines = [], response, ended, request } = exchange;
  if (response.status !== 200) return { settled: async () => undefined, finish: () => compareCall(exchange, target) };
  // Who watches begins with the version that a list has just told.
  const version = /resourceVersion=\{\{(\w+)\}\}/.exec(target.bindings.fill(request.path))?.[1];
  if (version) target.bindings.set(version, target.cluster.objects.version);
  const watch = await openWatch(exchange, target);
  const alive = lines.filter(({ event }) => !JSON.stringify(event).includes('deletionTimestamp')).length;
  const settled = (everything: boolean) =>
    ended === 'end' ? watch.ended : watch.came(everything ? lines.length : alive);
  const finish = async () => {
    await settled(false);
    const [, name = ''] = /metadata\.name%3D([\w-]+)/.exec(request.path) ?? [];
    if (alive < lines.length && target.cluster.objects.has('pods', 'default', name)) await deletePod(name, target);
    await settled(true);
    watch.close();
    const wanted = lines.map(({ event }) => event).filter(({ type }) => type !== 'BOOKMARK');
    const events = watch.events.filter((event) => (event as { type: string }).type !== 'BOOKMARK');
    return target.bindings.differences(wanted, events, `${note} lines`);
  };
  return { settled, finish };
}
