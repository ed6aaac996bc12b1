import { type Caller, createCaller, type Wire } from '../../../../shared/contract/caller.ts';
import type { LogQuery, SearchProgress, TextPlace } from '../../../../shared/contract/log.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { EventFile } from '../event-file.ts';
import type { Checkpoint, LogIndex } from '../index/log-index.ts';
import { type SearchPlace, searchContract } from './search-contract.ts';

/** A regular expression may take for ever: a thread that gives no sign of life for so long is ended. In ms. */
const PATIENCE_MS = 2_000;
/** A search through a whole log for one answer, in ms. */
const ANSWER_LIMIT_MS = 60_000;

/** A thread of its own for `search-session.ts`. */
export interface Thread {
  readonly wire: Wire;
  end(): void;
}
export type StartThread = () => Thread;

export interface LogToSearch {
  readonly file: EventFile;
  readonly index: LogIndex;
}

/**
 * Searches a log in a thread, which is there only while somebody searches: however long an expression takes, the agent goes
 * on. `onProgress` also tells of a search that was given up.
 */
export class SearchThread {
  private thread: { readonly caller: Caller<typeof searchContract>; readonly end: () => void } | undefined;
  private watchdog: Timer | undefined;
  /** How far the thread knows the log. */
  private lastOffset = -1;
  private isSearching = false;
  private waiting = 0;

  constructor(
    private readonly log: LogToSearch,
    private readonly startThread: StartThread,
    private readonly clock: Clock,
    private readonly onProgress: (progress: SearchProgress) => void,
  ) {}

  /** Begins a search in the place of the one before. The query must be a good one. */
  search(query: LogQuery, near: number): void {
    const { caller } = this.started();
    this.isSearching = true;
    caller.command('search', { query, near });
    this.watch();
  }

  endSearch(): void {
    this.isSearching = false;
    this.thread?.caller.command('endSearch', null);
    this.watch();
  }

  /** The log is longer than before. */
  grew(): void {
    this.thread?.caller.command('grew', this.news());
    if (this.isSearching) this.watch();
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
    this.isSearching = false;
    this.watchdog?.cancel();
    this.thread?.end();
    this.thread = undefined;
    this.lastOffset = -1;
  }

  private started(): { readonly caller: Caller<typeof searchContract> } {
    if (this.thread) return this.thread;
    const { wire, end } = this.startThread();
    const caller = createCaller(searchContract, wire, (ms, callback) => {
      const timer = this.clock.startTimer(ms, callback);
      return () => timer.cancel();
    });
    this.thread = { caller, end };
    caller.on('alive', () => this.watch());
    caller.on('searched', (progress) => {
      this.isSearching = progress.done < 1;
      this.watch();
      this.onProgress(progress);
    });
    caller.command('open', { descriptor: this.log.file.descriptor, ...this.news() });
    return this.thread;
  }

  /** The size of the log, and the places that came since the last time. */
  private news(): { size: number; places: SearchPlace[] } {
    const { size } = this.log.file;
    const fresh = this.log.index.checkpoints.filter(({ offset }) => offset > this.lastOffset && offset <= size);
    this.lastOffset = fresh.at(-1)?.offset ?? this.lastOffset;
    return { size, places: fresh.map(placeOf) };
  }

  private async ask<T>(question: (caller: Caller<typeof searchContract>) => Promise<T>): Promise<T> {
    const { caller } = this.started();
    this.waiting += 1;
    this.watch();
    try {
      return await question(caller);
    } finally {
      this.waiting -= 1;
      this.watch();
    }
  }

  /** It lives, or has something new to do. */
  private watch(): void {
    this.watchdog?.cancel();
    this.watchdog = undefined;
    if (!this.thread || (!this.isSearching && this.waiting === 0)) return;
    this.watchdog = this.clock.startTimer(PATIENCE_MS, () => {
      this.close();
      this.onProgress({
        matches: 0,
        done: 1,
        marks: [],
        linesPerMark: 1,
        problem: 'This expression takes too long on this log: make it simpler',
      });
    });
  }
}

function placeOf({ offset, line, isOpen }: Checkpoint): SearchPlace {
  return [offset, line, isOpen];
}
