import { type HubClient, HubError } from '../hub/hub-client.ts';
import type { Clock } from '../platform/clock.ts';
import { type ParsedJobRequest, parseJobRequest } from './job-request.ts';

/** Tries and pause between them (reference agent). */
const TRIES = 10;
const RETRY_MS = 3_000;

/** What the agent's session at the hub means to a log. */
export interface LogSession {
  /** Gets a new token for the log server. */
  readonly refreshToken: () => Promise<string>;
  /** The agent's own, which must not stand in any log. */
  readonly accessToken: string;
}

/** Where the request of a job, and new tokens for its log server, come from. */
export interface JobSource {
  readonly jobId: string;
  /** Never rejects for what the other side does. Gives up as soon as may be when `signal` aborts. */
  fetch(signal: AbortSignal): Promise<ParsedJobRequest>;
  session(): LogSession;
}

export interface HubSource {
  readonly hub: HubClient;
  readonly clock: Clock;
  readonly jobId: string;
  /** The agent may have registered anew meanwhile. */
  accessToken(): string;
}

/** A job that the hub has given out by its id. */
export function jobFromHub({ hub, clock, jobId, accessToken }: HubSource): JobSource {
  return {
    jobId,
    fetch: (signal) => fetchJob({ hub, clock, jobId, accessToken: accessToken(), signal }),
    session: () => ({ refreshToken: () => hub.refreshLogToken(accessToken()), accessToken: accessToken() }),
  };
}

export interface FetchJobOptions {
  readonly hub: HubClient;
  readonly clock: Clock;
  readonly jobId: string;
  readonly accessToken: string;
  /** Gives up between two tries. */
  readonly signal: AbortSignal;
}

/**
 * Gets a job request from the hub and checks its shape. A hub that does not answer, refuses, or says what
 * is no object (a gateway on the way does) is asked again; a job request that is not as it should be would only be the same
 * again. Never rejects for what the hub does.
 */
export async function fetchJob(options: FetchJobOptions): Promise<ParsedJobRequest> {
  let problem = 'it was stopped before it was fetched';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await options.clock.sleep(RETRY_MS, options.signal);
    if (options.signal.aborted) break;
    try {
      const answer = await options.hub.job(options.accessToken, options.jobId, options.signal);
      if (isObject(answer)) return parseJobRequest(answer);
      problem = "the hub's answer is no job request";
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      problem = error.message;
    }
  }
  return { ok: false, problem };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
