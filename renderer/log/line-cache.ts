import { type LogLine, MAX_LINES } from '../../shared/contract/log.ts';
import type { LogCaller } from './log-port.ts';

/** Lines are had by pages of so many. */
const PAGE = 128;
/** So many pages and so much text is kept at most; what was not looked at for longest goes first. Text in UTF-16 code units. */
const KEPT_PAGES = 48;
const KEPT_TEXT = 4 * 1024 * 1024;
/** Requests under way at once. A reader who rushes through a log wants what is in view, not what was. */
const AT_ONCE = 3;
const LIMIT_MS = 30_000;

interface Page {
  readonly lines: readonly LogLine[];
  readonly size: number;
  /** It may have changed since: the log has grown where it ends. */
  isStale: boolean;
}

/** The lines of a log that are in view and around it. Memory does not grow with the log. */
export class LineCache {
  private readonly pages = new Map<number, Page>();
  private readonly underWay = new Set<number>();
  private wanted: readonly number[] = [];
  private isClosed = false;
  private growths = 0;

  constructor(
    private readonly caller: LogCaller,
    /** Lines have come. */
    private readonly onChange: () => void,
  ) {}

  /** A line, if it is here. */
  line(number: number): LogLine | undefined {
    return this.pages.get(Math.floor(number / PAGE))?.lines[number % PAGE];
  }

  /** Sees to it that lines come, `to` excluded; what was wanted before and is not there yet is not wanted any more. */
  want(from: number, to: number): void {
    const pages: number[] = [];
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page += 1) {
      const there = this.pages.get(page);
      if (there) {
        // The youngest stands last.
        this.pages.delete(page);
        this.pages.set(page, there);
      }
      if (!there || there.isStale) pages.push(page);
    }
    // What is in view stands in the middle.
    const middle = (from + to) / 2 / PAGE - 0.5;
    this.wanted = pages.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
    this.fetchNext();
  }

  /** The log has grown from so many lines on. */
  grewFrom(lines: number): void {
    this.growths += 1;
    const page = this.pages.get(Math.floor(Math.max(0, lines - 1) / PAGE));
    if (page) page.isStale = true;
  }

  /** Reads the last lines before the log is shown to have them. Resolves with the line behind the last one that is there. */
  async readEnd(from: number, to: number): Promise<number> {
    let page = Math.floor(from / PAGE);
    for (; page * PAGE < to; page += 1) {
      const lines = await this.read(page, Math.min(PAGE, to - page * PAGE));
      this.keep(page, lines);
      if (lines.length < Math.min(PAGE, to - page * PAGE)) return page * PAGE + lines.length;
    }
    return to;
  }

  /** Nothing comes any more. */
  close(): void {
    this.isClosed = true;
  }

  private fetchNext(): void {
    const next = this.wanted.find((page) => !this.underWay.has(page));
    if (next === undefined || this.underWay.size >= AT_ONCE || this.isClosed) return;
    this.wanted = this.wanted.filter((page) => page !== next);
    this.underWay.add(next);
    const { growths } = this;
    const finish = () => {
      this.underWay.delete(next);
      this.fetchNext();
    };
    void this.read(next, PAGE).then(
      (lines) => {
        finish();
        if (this.isClosed || lines.length === 0) return;
        this.keep(next, lines);
        // It may have been read just before that.
        if (growths !== this.growths && lines.length < PAGE) this.grewFrom(next * PAGE + 1);
        this.onChange();
      },
      // The log was closed, or another port comes: both bring a new cache.
      finish,
    );
    this.fetchNext();
  }

  /** Long lines come in several answers. */
  private async read(page: number, count: number): Promise<readonly LogLine[]> {
    const lines: LogLine[] = [];
    while (lines.length < count) {
      const from = page * PAGE + lines.length;
      const answer = await this.caller.request(
        'lines',
        { from, count: Math.min(MAX_LINES, count - lines.length) },
        LIMIT_MS,
      );
      if (answer.lines.length === 0) break;
      lines.push(...answer.lines);
    }
    return lines;
  }

  private keep(page: number, lines: readonly LogLine[]): void {
    const size = lines.reduce((sum, { text }) => sum + text.length, 0);
    this.pages.delete(page);
    this.pages.set(page, { lines, size, isStale: false });
    let text = [...this.pages.values()].reduce((sum, one) => sum + one.size, 0);
    for (const [oldest, { size: oldSize }] of this.pages) {
      if (this.pages.size <= KEPT_PAGES && (text <= KEPT_TEXT || this.pages.size <= 4)) break;
      this.pages.delete(oldest);
      text -= oldSize;
    }
  }
}
