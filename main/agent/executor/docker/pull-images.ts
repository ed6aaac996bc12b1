import type Docker from 'dockerode';
import type { AuthConfig } from 'dockerode';
import type { JobLog } from '../../log/job-log.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Credentials, credentialFor } from '../credentials/credential.ts';
import { engineProblem, engineWords, inTime, isStatus } from './engine-problem.ts';
import { linesOf } from './lines-of.ts';
import { type PullEvent, PullProgress } from './pull-progress.ts';

/** What the engine has it tells within this, in ms. */
const LOOK_LIMIT_MS = 30_000;

export interface PullOptions {
  readonly docker: Docker;
  readonly log: JobLog;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  readonly metrics?: Metrics;
}

/** Pulls those images that the engine has not, one after another. Resolves with what went wrong, in a line. */
export async function pullImages(images: readonly string[], options: PullOptions): Promise<string | undefined> {
  for (const image of new Set(images)) {
    const problem = await pullImage(image, options);
    if (problem !== undefined && problem !== 'stopped') options.metrics?.gauge('compose.docker.error.rate', 1, [image]);
    if (problem !== undefined) return problem;
    if (options.signal.aborted) return 'stopped';
  }
  return undefined;
}

async function pullImage(image: string, options: PullOptions): Promise<string | undefined> {
  const { docker, log, clock, credentials, signal } = options;
  if (!/^[\w.:@/-]+$/.test(image) || image.includes('..')) return `${image} is no name of an image`;
  try {
    if (await inTime(isThere(docker, image), clock, LOOK_LIMIT_MS, signal)) return undefined;
    log.line(`Pulling ${image}\n`);
    const began = clock.monotonic();
    const auth = credentialFor(image, credentials);
    const stream = await docker.pull(image, {
      abortSignal: signal,
      ...(auth ? { authconfig: auth as AuthConfig } : {}),
    });
    const progress = new PullProgress(image, () => clock.monotonic());
    for await (const line of linesOf(stream)) {
      const event = JSON.parse(line) as PullEvent;
      if (event.error !== undefined) return engineWords(event.error);
      const due = progress.take(event);
      if (due !== undefined) log.line(due);
    }
    options.metrics?.gauge('compose.docker.pull.rate', 1, [image]);
    options.metrics?.gauge('compose.docker.pull.duration', Math.round((clock.monotonic() - began) / 1000), [image]);
    log.line(`Pulled ${image} in ${((clock.monotonic() - began) / 1000).toFixed(1)} s\n`);
    return undefined;
  } catch (error) {
    return signal.aborted ? 'stopped' : engineProblem(error);
  }
}

async function isThere(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}
