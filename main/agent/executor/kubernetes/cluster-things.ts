import type { Clock } from '../../platform/clock.ts';
import type { EngineClaims } from '../docker/engine-claims.ts';
import { ClusterClient, type ClusterError } from './cluster-client.ts';
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
  /** By path; false for what was asked for and got no answer: it may be there, or still come. */
  private readonly made = new Map<string, boolean>();

  constructor(
    private readonly client: ClusterClient,
    private readonly clock: Clock,
    private readonly claims: EngineClaims,
  ) {}

  /**
   * Makes a secret or a pod. What an agent that was killed left under its name goes first. Rejects with a `ClusterError`; so it
   * does when the signal aborts meanwhile.
   */
  async create(resource: 'pods' | 'secrets', object: Parts, signal: AbortSignal): Promise<void> {
    const { name } = object.metadata as { readonly name: string };
    const path = `${resource}/${name}`;
    for (let left = TRIES; ; left -= 1) {
      try {
        this.made.set(path, false);
        await this.client.until(signal).call('POST', resource, object);
        this.made.set(path, true);
        return;
      } catch (error) {
        const { code } = error as ClusterError;
        if (isFinal(code)) this.made.delete(path);
        if (code === 409 && left > 1 && (await this.removeAbandoned(path))) continue;
        throw error;
      }
    }
  }

  /** Deletes everything. Resolves with what is left, in a line. Idempotent. */
  async remove(): Promise<string | undefined> {
    const things = [...this.made];
    this.made.clear();
    const problems = await Promise.all(
      things.map(async ([path, isMade]) => {
        const problem = await removeThing(this.client, this.clock, { path, mayCome: !isMade });
        return problem === undefined ? [] : [`${path}: ${problem}`];
      }),
    );
    return problems.flat().join(', ') || undefined;
  }

  private async removeAbandoned(path: string): Promise<boolean> {
    const present = await this.client.call('GET', path).catch(() => undefined);
    if (present && !this.claims.isAbandoned(annotationsOf(present))) return false;
    await removeThing(this.client, this.clock, { path });
    await this.clock.sleep(present ? 0 : AGAIN_MS);
    return true;
  }
}

/** `mayCome`: it was asked for, and the server may make it only now; that it is not there yet is looked at more than once. */
async function removeThing(
  client: ClusterClient,
  clock: Clock,
  { path, mayCome = false }: { readonly path: string; readonly mayCome?: boolean },
): Promise<string | undefined> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await client.call('DELETE', path, AT_ONCE);
      return undefined;
    } catch (error) {
      const { code, message } = error as ClusterError;
      const isGone = code === 404;
      if (isGone && (!mayCome || left === 1)) return undefined;
      if ((isFinal(code) && !isGone) || left === 1 || client.isGivenUp) return message;
    }
    await clock.sleep(AGAIN_MS);
  }
}

/** Whether the server has refused a call: it has done nothing, and will not do it the next time either. */
function isFinal(code: number): boolean {
  return code >= 400 && code < 500;
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
      const problem = await removeThing(client, clock, { path: `${resource}/${name}` });
      if (client.isGivenUp) return;
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
