import type { Clock } from '../platform/clock.ts';
import { type TidyOptions, tidyIfThereIsAnEngine } from './docker/tidy-engine.ts';
import { tidyIfThereIsACluster } from './kubernetes/cluster-things.ts';

/** A start has better things to do first. In ms. */
const DELAY_MS = 2_000;

/**
 * Removes what killed agents of this machine have left at a container engine, and in a cluster where jobs run in pods, once,
 * some time after a start. `end` gives it up, or waits until it is through.
 */
export function beginTidying(options: TidyOptions & { readonly inCluster: boolean }): { end(): Promise<void> } {
  const ending = new AbortController();
  const tidied = tidyLater(options, options.clock, ending.signal);
  return {
    end() {
      ending.abort();
      return tidied;
    },
  };
}

async function tidyLater(
  options: TidyOptions & { readonly inCluster: boolean },
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(DELAY_MS, signal);
  if (signal.aborted) return;
  await Promise.all([tidyIfThereIsAnEngine(options), options.inCluster ? tidyIfThereIsACluster(options) : undefined]);
}
