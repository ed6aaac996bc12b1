import type { Clock } from '../../platform/clock.ts';
import type { EngineClaims } from '../docker/engine-claims.ts';
import { ClusterClient, ClusterError } from './cluster-client.ts';
import { findCluster } from './cluster-config.ts';
import type { Marks } from './pod-objects.ts';

/** On everything that we make, so that it can be found. Labels cannot hold whose it is: annotations can. */
const MANAGED_BY = 'app.kubernetes.io/managed-by';
const US = 'signalbox';
/** What is ours and done gets no grace. */
const AT_ONCE = { gracePeriodSeconds: 0 };
/** Tries of a deletion, and the time between them, in ms. */
const TRIES = 5;
const AGAIN_MS = 1_000;

type Parts = Readonly<Record<string, unknown>>;

/** Labels and annotations for a job's things. `labels`: what the agent's owner wants on them. */
export function marksFor(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): Marks {
  return { labels: { [MANAGED_BY]: US, ...labels }, annotations };
}

/** What was made in a cluster for one job, so that all of it goes. */
export class JobThings {
  private readonly made: string[] = [];

  constructor(
    private readonly client: ClusterClient,
    private readonly clock: Clock,
    private readonly claims: EngineClaims,
  ) {}

  /** Makes a secret or a pod. What an agent that was killed left under its name goes first. Rejects with a `ClusterError`. */
  async create(resource: 'pods' | 'secrets', object: Parts): Promise<Parts> {
    const { name } = object.metadata as { readonly name: string };
    const path = `${resource}/${name}`;
    for (let left = TRIES; ; left -= 1) {
      try {
        // Noted before the call: one that got no answer may have made it all the same.
        if (!this.made.includes(path)) this.made.push(path);
        return await this.client.call('POST', resource, object);
      } catch (error) {
        const isTaken = error instanceof ClusterError && error.code === 409;
        if (isTaken && left > 1 && (await this.removeAbandoned(path))) continue;
        if (isTaken) this.made.splice(this.made.indexOf(path), 1);
        throw error;
      }
    }
  }

  /** Deletes everything, the last made first. Resolves with what is left, in a line. Idempotent. */
  async remove(): Promise<string | undefined> {
    const problems: string[] = [];
    for (const path of this.made.splice(0).reverse()) {
      const problem = await removeThing(this.client, this.clock, path);
      if (problem !== undefined) problems.push(`${path}: ${problem}`);
    }
    return problems.length > 0 ? problems.join(', ') : undefined;
  }

  private async removeAbandoned(path: string): Promise<boolean> {
    const present = await this.client.call('GET', path).catch(() => undefined);
    if (present && !this.claims.isAbandoned(annotationsOf(present))) return false;
    await removeThing(this.client, this.clock, path);
    await this.clock.sleep(present ? 0 : AGAIN_MS);
    return true;
  }
}

async function removeThing(client: ClusterClient, clock: Clock, path: string): Promise<string | undefined> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await client.call('DELETE', path, AT_ONCE);
      return undefined;
    } catch (error) {
      const { code = 0, message } = error as ClusterError;
      if (code === 404) return undefined;
      const isFinal = code >= 400 && code < 500;
      if (isFinal || left === 1) return message;
    }
    await clock.sleep(AGAIN_MS);
  }
}

/**
 * Removes what agents of this machine that were killed have left in the cluster. What belongs to an agent that lives, or to
 * one of another machine, is not touched. Never rejects: who may not list does without.
 */
export async function tidyCluster(
  client: ClusterClient,
  {
    clock,
    claims,
    log,
  }: { readonly clock: Clock; readonly claims: EngineClaims; readonly log: { warn(message: string): void } },
): Promise<void> {
  const selector = new URLSearchParams({ labelSelector: `${MANAGED_BY}=${US}` });
  for (const resource of ['pods', 'secrets']) {
    const list = await client.call('GET', `${resource}?${selector.toString()}`).catch(() => undefined);
    const items = (list?.items ?? []) as readonly Parts[];
    for (const item of items.filter((one) => claims.isAbandoned(annotationsOf(one)))) {
      const { name } = item.metadata as { readonly name: string };
      const problem = await removeThing(client, clock, `${resource}/${name}`);
      log.warn(
        problem === undefined
          ? `Removed ${resource}/${name}, which a killed agent had left in the cluster`
          : `Cannot remove ${resource}/${name}, which a killed agent had left in the cluster: ${problem}`,
      );
    }
  }
}

/** Runs `tidyCluster` if a cluster can be found. */
export async function tidyIfThereIsACluster(options: {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly clock: Clock;
  readonly claims: EngineClaims;
  readonly log: { warn(message: string): void };
}): Promise<void> {
  const cluster = await findCluster(options.env, options.home);
  if (typeof cluster !== 'string') await tidyCluster(new ClusterClient(cluster, options.clock), options);
}

function annotationsOf(object: Parts): Readonly<Record<string, string>> {
  const { annotations = {} } = (object.metadata ?? {}) as { readonly annotations?: Readonly<Record<string, string>> };
  return annotations;
}
