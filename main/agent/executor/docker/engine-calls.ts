import type Docker from 'dockerode';
import type { Clock } from '../../platform/clock.ts';
import { engineProblem, inTime, isStatus } from './engine-problem.ts';

/** Even a slow disk makes, starts or removes a container within this. In ms. */
const CALL_LIMIT_MS = 120_000;
/** An engine that lives gives a sign within this, and within the second one where nobody has patience any more. In ms. */
const SIGN_LIMIT_MS = 3_000;
const HURRIED_LIMIT_MS = 2_000;

export interface EngineCallsOptions {
  readonly docker: Docker;
  readonly clock: Clock;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry?: AbortSignal | undefined;
}

/**
 * Calls of one job to its engine. None is waited for longer than it may take, nor when the engine was given up: what takes
 * minutes on a slow disk must not take them where an engine hangs and somebody waits for the job's end.
 */
export class EngineCalls {
  private readonly givenUp = new AbortController();

  constructor(private readonly options: EngineCallsOptions) {}

  /** Rejects where there was no answer in time. */
  inTime<T>(call: Promise<T>, limitMs: number): Promise<T> {
    return inTime(call, this.options.clock, limitMs, this.givenUp.signal);
  }

  /** Resolves with what went wrong, in a line. */
  async attempt(step: () => Promise<unknown>): Promise<string | undefined> {
    try {
      await this.inTime(step(), CALL_LIMIT_MS);
      return undefined;
    } catch (error) {
      return engineProblem(error);
    }
  }

  /** The same of something that may be gone already. */
  removed(removal: () => Promise<unknown>): Promise<string | undefined> {
    return this.attempt(() =>
      removal().catch((error: unknown) => {
        if (!isStatus(error, 404)) throw error;
      }),
    );
  }

  /**
   * Asks for a sign of life and gives the engine up where none comes: all calls that wait for it, and those to come, reject.
   * Asks twice: behind a sleep of the machine the time is over before an answer can be read.
   */
  async awaitSign(): Promise<void> {
    const { hurry } = this.options;
    if (await this.givesSign(SIGN_LIMIT_MS, hurry)) return;
    if (await this.givesSign(hurry?.aborted ? HURRIED_LIMIT_MS : SIGN_LIMIT_MS)) return;
    this.givenUp.abort();
  }

  /** Of an engine that refuses to be called every call says so by itself. */
  private async givesSign(limitMs: number, hurry?: AbortSignal): Promise<boolean> {
    const { docker, clock } = this.options;
    try {
      await inTime(docker.ping(), clock, limitMs, hurry);
      return true;
    } catch (error) {
      return (error as { code?: string }).code !== 'ETIMEDOUT';
    }
  }
}
