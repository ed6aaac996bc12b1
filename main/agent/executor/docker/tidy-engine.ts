import type Docker from 'dockerode';
import type { Clock } from '../../platform/clock.ts';
import { findEngine } from './engine.ts';
import { type EngineClaims, OWNER_LABEL } from './engine-claims.ts';
import { engineProblem, inTime, isStatus } from './engine-problem.ts';

/** An engine that is slower than this is left to the next time, in ms. */
const LIMIT_MS = 30_000;

export interface TidyOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly clock: Clock;
  readonly claims: EngineClaims;
  readonly log: { warn(message: string): void };
  /** Aborted where nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** Runs `tidyEngine` if there is an engine. */
export async function tidyIfThereIsAnEngine(options: TidyOptions): Promise<void> {
  const { env, home, clock } = options;
  const engine = await findEngine(env, home, clock);
  if (typeof engine !== 'string') await tidyEngine(engine.docker, options);
}

/**
 * Removes what agents of this machine have left at the engine: containers with their volumes, and networks. Never rejects: what
 * cannot be removed now can be the next time, and the log says what it was.
 */
export async function tidyEngine(
  docker: Docker,
  options: Pick<TidyOptions, 'clock' | 'claims' | 'log' | 'signal'>,
): Promise<void> {
  const { clock, log, signal } = options;
  try {
    const count = await inTime(removeAbandoned(docker, options.claims), clock, LIMIT_MS, signal);
    if (count > 0) log.warn(`Removed ${count} containers and networks that an earlier job had left`);
  } catch (error) {
    if (signal?.aborted) return;
    log.warn(`What an earlier job has left at the container engine could not be removed: ${engineProblem(error)}`);
  }
}

/** Networks after the containers in them. */
async function removeAbandoned(docker: Docker, claims: EngineClaims): Promise<number> {
  const filters = { label: [OWNER_LABEL] };
  const allContainers = await Promise.resolve(docker.listContainers({ all: true, filters }));
  const containers = allContainers.filter(({ Labels }) => claims.isAbandoned(Labels));
  await Promise.all(containers.map(({ Id }) => gone(docker.getContainer(Id).remove({ force: true, v: true }))));
  const allNetworks = await Promise.resolve(docker.listNetworks({ filters }));
  const networks = allNetworks.filter(({ Labels }) => claims.isAbandoned(Labels ?? {}));
  await Promise.all(networks.map(({ Id }) => gone(docker.getNetwork(Id).remove())));
  return containers.length + networks.length;
}

/** Somebody else may have removed it meanwhile, or is just doing so. */
async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isStatus(error, 404, 409)) throw error;
  }
}
