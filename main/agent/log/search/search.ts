import type { LogMatch, SearchProgress, TextPlace } from '../../../../shared/contract/log.ts';
import type { EventBytes } from '../index/placed-events.ts';
import type { Block } from './block-text.ts';
import { blockText } from './block-text.ts';
import { findMatches } from './find-matches.ts';
import { Marks } from './marks.ts';
import type { Matcher } from './matcher.ts';

export interface SearchedLog {
  readonly file: EventBytes;
  /** In their order, without gaps; the last one may become longer, and others may follow. */
  readonly blocks: readonly Block[];
}

/** Told while it searches: of progress a few times a second, and of being alive more often. */
export interface SearchWatcher {
  onProgress(progress: SearchProgress): void;
  onAlive(): void;
}

/** Of a block that was searched: how many, how long it was then, and whether they are in the marks. */
interface Counted {
  readonly matches: number;
  readonly end: number;
  readonly isMarked: boolean;
}

/**
 * A search through a log, from a line on to the end, then from the begin. It keeps how many matches each block has, not where they are:
 * a block is looked at again when somebody goes there, so a search takes the same memory whatever it finds.
 */
export class Search {
  private readonly counted: (Counted | undefined)[] = [];
  /** Blocks that are being read: a search and who looks for its first match go through the same ones. */
  private readonly underWay = new Map<number, Promise<void>>();
  private readonly marks = new Marks();
  private total = 0;
  private finished = 0;
  private isEnded = false;
  private readonly first: number;
  /** The last block is not in `marks` before it has its full length. */
  private lastMatches: readonly LogMatch[] = [];

  constructor(
    private readonly log: SearchedLog,
    private readonly matcher: Matcher,
    near: number,
    private readonly watcher: SearchWatcher,
  ) {
    this.first = this.blockOf(near);
  }

  /** Nothing more is told. */
  end(): void {
    this.isEnded = true;
  }

  /** Searches what has not been searched. Call it again when the log has grown. */
  async run(): Promise<void> {
    const { blocks } = this.log;
    // At once: who watches knows that it has begun.
    if (this.finished === 0) this.tell();
    for (let n = 0; n < blocks.length && !this.isEnded; n += 1) {
      const block = (this.first + n) % blocks.length;
      if (this.known(block)) continue;
      const found = await this.count(block);
      if (this.isEnded) return;
      if (found > 0 && this.total === found) this.tell();
      else this.watcher.onAlive();
      if (n % TELL_EVERY === 0) this.tell();
    }
    if (!this.isEnded) this.tell();
  }

  /** The match nearest to a place in one direction, from the other end where there is none; none behind the line `until`. */
  async findMatch(
    from: TextPlace,
    direction: 'next' | 'previous',
    until = Number.POSITIVE_INFINITY,
  ): Promise<{ readonly match: LogMatch; readonly ordinal: number } | null> {
    const { blocks } = this.log;
    const step = direction === 'next' ? 1 : -1;
    const begin = this.blockOf(from.line);
    const isThere = (match: LogMatch) =>
      direction === 'next'
        ? match.line > from.line || (match.line === from.line && match.start >= from.column)
        : match.line < from.line || (match.line === from.line && match.end <= from.column);
    for (let n = 0; n <= blocks.length && !this.isEnded; n += 1) {
      const block = (begin + n * step + blocks.length * 2) % blocks.length;
      if ((blocks[block]?.line ?? 0) > until) return null;
      if ((await this.count(block)) === 0) continue;
      const matches = await this.matchesOf(block);
      // On the way round, the block where it began has what lies behind the place.
      const wanted = n === 0 ? matches.filter(isThere) : matches;
      const match = direction === 'next' ? wanted[0] : wanted.at(-1);
      if (match) return { match, ordinal: this.ordinal(block, matches.indexOf(match)) };
    }
    return null;
  }

  /** The matches in some lines. */
  async matchesIn(from: number, count: number): Promise<readonly LogMatch[]> {
    const found: LogMatch[] = [];
    for (let block = this.blockOf(from); block < this.log.blocks.length && found.length < MOST_MATCHES; block += 1) {
      if ((this.log.blocks[block]?.line ?? 0) >= from + count) break;
      const matches = await this.matchesOf(block);
      found.push(...matches.filter(({ line }) => line >= from && line < from + count));
    }
    return found.slice(0, MOST_MATCHES);
  }

  /** How many matches a block has; it is read unless that is known, or somebody reads it already. */
  private async count(block: number): Promise<number> {
    for (let known = this.known(block); ; known = this.known(block)) {
      if (known) return known.matches;
      const before = this.underWay.get(block);
      const reading = before ?? this.readAndCount(block).finally(() => this.underWay.delete(block));
      if (!before) this.underWay.set(block, reading);
      await reading;
    }
  }

  private known(block: number): Counted | undefined {
    const known = this.counted[block];
    return known && this.isUpToDate(block, known) ? known : undefined;
  }

  private async readAndCount(block: number): Promise<void> {
    const { end } = this.log.blocks[block] ?? { end: 0 };
    const matches = await this.matchesOf(block);
    const before = this.counted[block];
    const isMarked = block < this.log.blocks.length - 1;
    this.counted[block] = { matches: matches.length, end, isMarked };
    this.total += matches.length - (before?.matches ?? 0);
    this.finished += before ? 0 : 1;
    if (before || !isMarked) this.lastMatches = isMarked ? [] : matches;
    if (isMarked) for (const { line } of matches) this.marks.add(line);
  }

  private isUpToDate(block: number, { end, isMarked }: Counted): boolean {
    return end === this.log.blocks[block]?.end && (isMarked || block === this.log.blocks.length - 1);
  }

  private async matchesOf(block: number): Promise<LogMatch[]> {
    const one = this.log.blocks[block];
    if (!one) return [];
    return findMatches(this.matcher, await blockText(this.log.file, one), () => this.watcher.onAlive());
  }

  /** From 1; 0 as long as a block before it was not searched. */
  private ordinal(block: number, within: number): number {
    let before = 0;
    for (let n = 0; n < block; n += 1) {
      const counted = this.counted[n];
      if (!counted) return 0;
      before += counted.matches;
    }
    return before + within + 1;
  }

  private tell(): void {
    const marks = this.marks.copy();
    for (const { line } of this.lastMatches) marks.add(line);
    const done = this.log.blocks.length === 0 ? 1 : this.finished / this.log.blocks.length;
    this.watcher.onProgress({
      matches: this.total,
      done,
      marks: [...marks.list],
      linesPerMark: marks.linesPerMark,
      problem: '',
    });
  }

  private blockOf(line: number): number {
    const { blocks } = this.log;
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const block = blocks[middle];
      if (block && block.line + (block.isOpen ? 1 : 0) <= line) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** In blocks: often enough to see it grow. */
const TELL_EVERY = 64;
/** Nobody looks at more at once. */
const MOST_MATCHES = 20_000;
