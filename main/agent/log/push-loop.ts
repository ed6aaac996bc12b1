import { type Http, type HttpAnswer, HttpError } from '../hub/http.ts';
import { MAX_EVENTS_PER_PUSH } from '../hub/wire.ts';
import type { Clock } from '../platform/clock.ts';
import type { EventBatch, EventFile, LogPosition } from './event-file.ts';

/** The first events gather for so long, so that the first push shows more than that a job began. All in ms. */
const FIRST_PAUSE_MS = 200;
/** Then a push a second, while there is less than a full batch. */
const PAUSE_MS = 1_000;
const FIRST_RETRY_MS = 500;
const SLOWEST_RETRY_MS = 5_000;
/** A server that asks to be left alone for longer is asked all the same. */
const LONGEST_REST_MS = 30_000;
/** After the end of a job, so long without progress is the end of the patience. */
const PATIENCE_MS = 60_000;
const TIMEOUT_MS = 30_000;
/** No try takes longer with the pause before it: what goes beyond it the machine slept, or the process was stopped. */
const LONGEST_TRY_MS = TIMEOUT_MS + SLOWEST_RETRY_MS;
const MAX_BATCH_BYTES = 1024 * 1024;
const SMALLEST_BUFFER = 16 * 1024;

export interface PushLoopOptions {
  readonly file: EventFile;
  readonly http: Http;
  readonly clock: Clock;
  /** Of the log server. */
  readonly url: string;
  readonly token: string;
  /** Gets a new token. Rejects where none is given out. */
  readonly refreshToken: () => Promise<string>;
  /** For the agent's log. */
  readonly onProblem: (message: string) => void;
  /** Told after each batch that has arrived how many events are not there yet. */
  readonly onPushed?: (eventsBehind: number) => void;
}

/** `trimmed`: the server takes no more. `undelivered`: it did not take it, and the job had ended a minute ago. */
export type PushEnd = 'complete' | 'trimmed' | 'undelivered';

/**
 * Brings a log to the log server, one request after another, from its first event to its last. Each request says where it
 * starts, so a repeat does no harm. Resolves when the file is closed and all of it arrived, or when there is no hope left.
 */
export async function runPushLoop(options: PushLoopOptions): Promise<PushEnd> {
  return new PushLoop(options).run();
}

type Verdict = 'stored' | 'full' | Setback;
type Setback = 'unauthorized' | 'too-many' | 'timed-out' | OtherSetback;
/** `status`: of the answer; 0 where none came. */
interface OtherSetback {
  readonly problem: string;
  readonly status: number;
  readonly restMs: number;
}

class PushLoop {
  private position: LogPosition = { event: 0, offset: 0 };
  private buffer = Buffer.alloc(0);
  private token: string;
  private batchEvents = MAX_EVENTS_PER_PUSH;
  private failures = 0;
  private lastPushAt: number;
  private problemTold = '';
  /** The token is one that was asked for after a refusal, and nothing was stored with it yet. */
  private tokenIsNew = false;
  /** Of the last push that failed behind the end of the job with none behind it that did not. */
  private lastFailureAt: number | undefined;
  private waitedMs = 0;

  constructor(private readonly options: PushLoopOptions) {
    this.token = options.token;
    this.lastPushAt = options.clock.monotonic() - PAUSE_MS + FIRST_PAUSE_MS;
  }

  async run(): Promise<PushEnd> {
    const { file, clock } = this.options;
    for (;;) {
      await this.untilWorthwhile();
      if (this.position.offset >= file.size) return 'complete';
      const limits = { events: this.batchEvents, bytes: MAX_BATCH_BYTES, into: this.bufferFor(file.size) };
      const batch = await file.read(this.position, limits);
      this.lastPushAt = clock.monotonic();
      const verdict = await this.push(batch);
      if (verdict === 'full') return 'trimmed';
      if (verdict === 'stored') this.advance(batch);
      else if (this.isHopeless()) return 'undelivered';
      else await this.recover(verdict, batch);
    }
  }

  /** One for all batches: a new one for each would be more than 1 MB of garbage a megabyte. */
  private bufferFor(size: number): Buffer {
    const wanted = Math.min(MAX_BATCH_BYTES, size - this.position.offset);
    if (wanted > this.buffer.length) {
      this.buffer = Buffer.allocUnsafeSlow(Math.min(MAX_BATCH_BYTES, Math.max(SMALLEST_BUFFER, wanted * 2)));
    }
    return this.buffer;
  }

  /** Waits for something to send, and for a good moment: a full batch, the end of the job, or a second since the last push. */
  private async untilWorthwhile(): Promise<void> {
    const { file, clock } = this.options;
    await this.until(() => file.closed || file.size > this.position.offset);
    const pause = this.lastPushAt + PAUSE_MS - clock.monotonic();
    if (pause > 0) await this.until(() => file.closed || this.hasFullBatch(), pause);
  }

  private hasFullBatch(): boolean {
    const { file } = this.options;
    const events = file.events - this.position.event;
    return events >= this.batchEvents || file.size - this.position.offset >= MAX_BATCH_BYTES;
  }

  /** Resolves when the file fulfils a condition, or after `ms`. */
  private async until(condition: () => boolean, ms?: number): Promise<void> {
    if (condition()) return;
    const { file, clock } = this.options;
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : clock.startTimer(ms, () => finish());
      const unsubscribe = file.onDidChange(() => condition() && finish());
      const finish = () => {
        timer?.cancel();
        unsubscribe();
        resolve();
      };
    });
  }

  private async push(batch: EventBatch): Promise<Verdict> {
    const { http, url } = this.options;
    const headers = { 'content-type': 'text/plain', authorization: `Bearer ${this.token}` };
    const target = withStart(url, this.position.event);
    const call = { method: 'POST', url: target, headers, body: batch.bytes, timeoutMs: TIMEOUT_MS } as const;
    try {
      return verdictOf(await http.send({ ...call, statusOnly: true }));
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return error.code === 'timeout' ? 'timed-out' : { problem: error.message, status: 0, restMs: 0 };
    }
  }

  private advance(batch: EventBatch): void {
    const { event, offset } = this.position;
    this.position = { event: event + batch.events, offset: offset + batch.bytes.length };
    this.options.onPushed?.(this.options.file.events - this.position.event);
    this.lastFailureAt = undefined;
    this.waitedMs = 0;
    this.failures = 0;
    this.tokenIsNew = false;
    this.batchEvents = Math.min(MAX_EVENTS_PER_PUSH, this.batchEvents * 2);
  }

  /** However long the server was away while the job ran: the patience begins with the first failure behind the job's end. */
  private isHopeless(): boolean {
    if (!this.options.file.closed) return false;
    const now = this.options.clock.monotonic();
    this.waitedMs += Math.min(now - (this.lastFailureAt ?? now), LONGEST_TRY_MS);
    this.lastFailureAt = now;
    return this.waitedMs >= PATIENCE_MS;
  }

  /** Waits as long as it makes sense, with a smaller batch where that may help. */
  private async recover(setback: Setback, batch: EventBatch): Promise<void> {
    if (isTooMuch(setback)) this.batchEvents = Math.max(1, batch.events >> 1);
    if (setback === 'too-many' && batch.events > 1) return;
    if (setback === 'unauthorized') return this.renewToken();
    await this.rest(setback);
    this.tokenIsNew = false;
  }

  /** A new token that is refused as well is no reason to ask for the next one without a pause. */
  private async renewToken(): Promise<void> {
    if (this.tokenIsNew) await this.rest('unauthorized');
    try {
      this.token = await this.options.refreshToken();
      this.tokenIsNew = true;
    } catch (error) {
      this.tokenIsNew = false;
      const problem = `no new token: ${error instanceof Error ? error.message : 'unknown error'}`;
      await this.rest({ problem, status: 0, restMs: 0 });
    }
  }

  /** Longer from failure to failure. */
  private async rest(setback: Setback): Promise<void> {
    this.tell(setback);
    const pause = Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures += 1;
    await this.options.clock.sleep(typeof setback === 'object' ? Math.max(pause, setback.restMs) : pause);
  }

  /** Once for a row of equal failures. */
  private tell(setback: Setback): void {
    const problem = typeof setback === 'object' ? setback.problem : PROBLEMS[setback];
    if (problem === this.problemTold) return;
    this.problemTold = problem;
    this.options.onProblem(`The log server does not take the job's log (${problem}); trying again`);
  }
}

const PROBLEMS = {
  unauthorized: 'it refuses the token',
  'too-many': 'it refuses a single event as too much',
  'timed-out': 'it does not answer in time',
} as const;

/** What an answer of the log server means (`loghub2`). Another good one than 200 is not its own, and may have kept nothing. */
function verdictOf({ status, retryAfterMs = 0 }: HttpAnswer): Verdict {
  if (status === 200) return 'stored';
  if (status === 401) return 'unauthorized';
  if (status === 413) return 'too-many';
  if (status === 422) return 'full';
  return { problem: `status ${status}`, status, restMs: Math.min(retryAfterMs, LONGEST_REST_MS) };
}

/** Half of it may get there: what takes too long, and what lies between may hang up on, without a word, as well. */
function isTooMuch(setback: Setback): boolean {
  return typeof setback === 'object' ? setback.status === 0 : setback !== 'unauthorized';
}

/** An address that is none stays what it is: sending to it fails, with the reason. */
function withStart(url: string, event: number): string {
  try {
    const target = new URL(url);
    target.searchParams.set('start_from', String(event));
    return target.href;
  } catch {
    return url;
  }
}
