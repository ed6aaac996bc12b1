import { type Caller, createCaller, type Wire } from '../../../../shared/contract/caller.ts';
import type { LogQuery, SearchProgress, TextPlace } from '../../../../shared/contract/log.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { EventFile } from '../event-file.ts';
import type { Checkpoint, LogIndex } from '../index/log-index.ts';
import { type SearchPlace, searchContract } from './search-contract.ts';

/** A regular expression may take for ever: a thread that gives no sign of life for so long is ended. In ms. */
const PATIENCE_MS = 2_000;
/** The same for one that is starting, on a machine that has other things to do. */
const START_PATIENCE_MS = 20_000;
/** It gives one much more often; a new search does not wait for an expression that takes longer than that. In ms. */
const SILENCE_MS = 500;
/** A thread that nobody needs is ended after so long, in ms. */
const IDLE_MS = 30_000;
const TOO_LONG = 'This expression takes too long on this log: make it simpler';
const NO_START = 'The search does not start: try it again';
/** A search through a whole log for one answer, in ms. */
const ANSWER_LIMIT_MS = 60_000;

/** A thread of its own for `search-session.ts`. */
export interface Thread {
  readonly wire: Wire;
  end(): void;
}
export type StartThread = () => Thread;

export interface LogToSearch {
  readonly file: Pick<EventFile, 'descriptor' | 'size'>;
  readonly index: Pick<LogIndex, 'checkpoints'>;
}

interface Running {
  readonly caller: Caller<typeof searchContract>;
  readonly end: () => void;
  /** It has given a sign of life. */
  isUp: boolean;
}

/** What the thread is to search for. */
interface Wanted {
  readonly query: LogQuery;
  readonly near: number;
  /** The thread has told of it: what it is silent about is this. */
  hasBegun: boolean;
}

/**
 * Searches a log in a thread, which is there only while somebody searches: however long an expression takes, the agent goes
 * on. `onProgress` also tells of a search that was given up.
 */
export class SearchThread {
  private thread: Running | undefined;
  private watchdog: { readonly kind: 'busy' | 'idle'; readonly timer: Timer } | undefined;
  /** How far the thread knows the log. */
  private lastOffset = -1;
  private wanted: Wanted | undefined;
  private isSearching = false;
  private waiting = 0;
  private lastSign = 0;

  constructor(
    private readonly log: LogToSearch,
    private readonly startThread: StartThread,
    private readonly clock: Clock,
    private readonly onProgress: (progress: SearchProgress) => void,
  ) {}

  /** Somebody is about to search: a thread takes longer to start than most searches take. */
  prepare(): void {
    this.started();
    this.watch();
  }

  /** Begins a search in the place of the one before. The query must be a good one. */
  search(query: LogQuery, near: number): void {
    if (this.isBusy && this.wanted?.hasBegun && this.clock.monotonic() - this.lastSign > SILENCE_MS) this.close();
    const { caller } = this.started();
    this.wanted = { query, near, hasBegun: false };
    this.isSearching = true;
    caller.command('search', { query, near });
    this.watch();
  }

  endSearch(): void {
    this.wanted = undefined;
    this.isSearching = false;
    this.thread?.caller.command('endSearch', null);
    this.watch();
  }

  /** The log is longer than before. */
  grew(): void {
    this.thread?.caller.command('grew', this.news());
    this.isSearching = this.wanted !== undefined;
    this.watch();
  }

  findMatch(from: TextPlace, direction: 'next' | 'previous') {
    return this.ask((caller) => caller.request('findMatch', { from, direction }, ANSWER_LIMIT_MS));
  }

  matchesIn(from: number, count: number) {
    return this.ask((caller) => caller.request('matchesIn', { from, count }, ANSWER_LIMIT_MS));
  }

  firstError(from: number, to: number) {
    return this.ask((caller) => caller.request('firstError', { from, to }, ANSWER_LIMIT_MS));
  }

  /** Ends the thread. */
  close(): void {
    this.wanted = undefined;
    this.isSearching = false;
    this.unwatch();
    this.thread?.end();
    this.thread = undefined;
    this.lastOffset = -1;
  }

  private get isBusy(): boolean {
    return this.isSearching || this.waiting > 0;
  }

  private started(): Running {
    if (this.thread) return this.thread;
    const { wire, end } = this.startThread();
    const caller = createCaller(searchContract, wire, (ms, callback) => {
      const timer = this.clock.startTimer(ms, callback);
      return () => timer.cancel();
    });
    const thread: Running = { caller, end, isUp: false };
    this.thread = thread;
    caller.on('alive', () => this.takeSign(thread));
    caller.on('searched', (progress) => {
      if (this.thread !== thread || !this.wanted) return;
      this.wanted.hasBegun = true;
      this.isSearching = progress.done < 1;
      this.takeSign(thread);
      this.onProgress(progress);
    });
    caller.command('open', { descriptor: this.log.file.descriptor, ...this.news() });
    return thread;
  }

  /** The size of the log, and the places that came since the last time. */
  private news(): { size: number; places: SearchPlace[] } {
    const { size } = this.log.file;
    const fresh = this.log.index.checkpoints.filter(({ offset }) => offset > this.lastOffset && offset <= size);
    this.lastOffset = fresh.at(-1)?.offset ?? this.lastOffset;
    return { size, places: fresh.map(placeOf) };
  }

  /** Asked once more where the thread was ended because of what came before the question. */
  private async ask<T>(question: (caller: Running['caller']) => Promise<T>): Promise<T> {
    const { caller } = this.started();
    this.waiting += 1;
    this.watch();
    try {
      return await question(caller).catch((error: unknown) => {
        if (!this.thread || this.thread.caller === caller) throw error;
        return question(this.thread.caller);
      });
    } finally {
      this.waiting -= 1;
      this.watch();
    }
  }

  private takeSign(thread: Running): void {
    if (this.thread !== thread) return;
    thread.isUp = true;
    this.unwatch();
    this.watch();
  }

  /** Watches a thread that has something to do, from the time when it began to be silent. */
  private watch(): void {
    const kind = this.isBusy ? 'busy' : 'idle';
    if (this.watchdog?.kind === kind) return;
    this.unwatch();
    if (!this.thread) return;
    this.lastSign = this.clock.monotonic();
    const patience = this.thread.isUp ? PATIENCE_MS : START_PATIENCE_MS;
    if (kind === 'busy') this.watchdog = { kind, timer: this.clock.startTimer(patience, () => this.giveUp()) };
    else if (!this.wanted) this.watchdog = { kind, timer: this.clock.startTimer(IDLE_MS, () => this.close()) };
  }

  private unwatch(): void {
    this.watchdog?.timer.cancel();
    this.watchdog = undefined;
  }

  /** What was begun takes too long; what waits behind it gets a new thread. */
  private giveUp(): void {
    const { wanted, thread } = this;
    this.close();
    const problem = thread?.isUp ? TOO_LONG : NO_START;
    if (thread?.isUp && wanted && !wanted.hasBegun) this.search(wanted.query, wanted.near);
    else this.onProgress({ matches: 0, done: 1, marks: [], linesPerMark: 1, problem });
  }
}

function placeOf({ offset, line, isOpen }: Checkpoint): SearchPlace {
  return [offset, line, isOpen];
}
