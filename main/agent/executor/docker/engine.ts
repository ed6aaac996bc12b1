import { existsSync, readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import type { Clock } from '../../platform/clock.ts';
import { type EngineAddress, engineAddresses, triedInWords } from './engine-address.ts';
import { callProblem, inTime } from './engine-problem.ts';

/** One that was started a moment ago listens before it answers; one that does not answer within this is none. In ms. */
const PING_LIMIT_MS = 10_000;

/** A container engine that answers. */
export interface Engine {
  readonly docker: Docker;
  readonly address: EngineAddress;
}

/** Looks for an engine. Resolves with one sentence that says what was tried where there is none, or none was found before `signal`. */
export async function findEngine(
  env: Readonly<Record<string, string>>,
  home: string,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Engine | string> {
  const addresses = engineAddresses({ env, home, platform: process.platform, readFile });
  const tried: string[] = [];
  const missing = new Set<string>();
  for (const address of addresses) {
    if ('problem' in address) tried.push(`${address.origin} (${address.problem})`);
    else if (isMissing(address) && address.usualOf !== undefined) missing.add(address.usualOf);
    else if (isMissing(address)) tried.push(`${address.origin} (no such socket)`);
    else {
      const answer = await ask(address, clock, signal);
      if (typeof answer !== 'string') return { docker: answer, address };
      tried.push(`${address.origin} (${answer})`);
    }
  }
  return triedInWords(tried, [...missing]);
}

/** The engine there, or why there is none. The library is large: it is loaded when the first job wants a container. */
async function ask({ at, tls }: EngineAddress, clock: Clock, signal?: AbortSignal): Promise<Docker | string> {
  const { default: Dockerode } = await import('dockerode');
  try {
    const docker = new Dockerode({ ...at, protocol: tls ? 'https' : 'http', ...tls });
    await inTime(docker.ping(), clock, PING_LIMIT_MS, signal);
    return docker;
  } catch (error) {
    return callProblem(error);
  }
}

function isMissing({ at }: EngineAddress): boolean {
  return 'socketPath' in at && process.platform !== 'win32' && !existsSync(at.socketPath);
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Most of these files do not exist on most machines.
    return undefined;
  }
}
