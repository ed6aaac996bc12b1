import type { LogLine } from '../../../../shared/contract/log.ts';
import { PLAIN_STYLE } from '../../../../shared/terminal/text-style.ts';
import type { LogEvent } from '../../hub/wire.ts';
import { LineText } from './line-text.ts';
import type { Checkpoint, LogIndex } from './log-index.ts';
import { type EventBytes, eventsFrom } from './placed-events.ts';

/** Of a longer line only so much is shown, in UTF-16 code units. */
export const SHOWN_LIMIT = 16 * 1024;
/** So much text is enough for one answer, and what a short line costs of it, in UTF-16 code units. */
const ENOUGH = 512 * 1024;
const LINE_COST = 128;

export interface NumberedLine extends LogLine {
  readonly number: number;
}

/** A log that can be read by lines. */
export interface IndexedLog {
  readonly file: EventBytes;
  readonly index: LogIndex;
}

/**
 * Lines of a log by their numbers. Reads from the nearest place of the index on, so it takes the same time anywhere in a log
 * of any length. Gives fewer lines than asked for where they are long, but one at least where there is one.
 */
export async function readLines(log: IndexedLog, from: number, count: number): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let size = 0;
  for await (const part of linesFrom(log, from, SHOWN_LIMIT)) {
    for (const { number: _, ...line } of part) {
      lines.push(line);
      size += line.text.length + LINE_COST;
      if (lines.length === count || size >= ENOUGH) return lines;
    }
  }
  return lines;
}

/** All lines from one on, as they are read. `limit`: what is kept of a line, in UTF-16 code units. */
export async function* linesFrom(
  { file, index }: IndexedLog,
  from: number,
  limit: number,
): AsyncGenerator<readonly NumberedLine[]> {
  let place: Checkpoint | undefined = index.placeBefore(from);
  const cutter = new LineCutter(place, limit);
  while (place) {
    const { offset }: Checkpoint = place;
    place = undefined;
    for await (const events of eventsFrom(file, { begin: offset })) {
      let end = 0;
      for (const placed of events) {
        // Who has enough goes without the rest of what was read.
        const wanted = cutter.take(placed.event).filter(({ number }) => number >= from);
        if (wanted.length > 0) yield wanted;
        end = placed.end;
      }
      const ahead = cutter.isInLongLine ? index.placeWithin(cutter.number) : undefined;
      if (!ahead || ahead.offset <= end) continue;
      // What is left out of a line need not be read.
      cutter.skip(ahead.offset - end, ahead);
      place = ahead;
      break;
    }
  }
  const rest = cutter.rest();
  if (rest && rest.number >= from) yield [rest];
}

/** Cuts events into lines, from a place of the index on. */
class LineCutter {
  number: number;
  private line: LineText;
  /** What comes first is the end of a line that began before. */
  private isRest: boolean;

  constructor(
    begin: Checkpoint,
    private readonly limit: number,
  ) {
    this.number = begin.line;
    this.isRest = begin.isOpen;
    this.line = new LineText(begin.style, limit);
  }

  get isInLongLine(): boolean {
    return this.line.isLong;
  }

  /** The lines that an event ends. */
  take(event: LogEvent): NumberedLine[] {
    const lines: NumberedLine[] = [];
    if (event.event === 'cmd_output') {
      let at = 0;
      for (let end = event.output.indexOf('\n'); end >= 0; end = event.output.indexOf('\n', at)) {
        this.line.add(event.output.slice(at, end));
        lines.push(...this.end());
        at = end + 1;
      }
      this.line.add(event.output.slice(at));
    } else if (event.event === 'cmd_started' || event.event === 'cmd_finished') {
      if (this.isRest || !this.line.isEmpty) lines.push(...this.end());
      this.line = new LineText(PLAIN_STYLE, this.limit);
    }
    return lines;
  }

  skip(bytes: number, to: Checkpoint): void {
    this.line.skip(bytes, to.style);
  }

  /** The line that is not finished; undefined where there is none. */
  rest(): NumberedLine | undefined {
    return this.isRest || this.line.isEmpty ? undefined : { number: this.number, ...this.line.shown() };
  }

  private end(): NumberedLine[] {
    const line = { number: this.number, ...this.line.shown() };
    const isWhole = !this.isRest;
    this.isRest = false;
    this.number += 1;
    this.line = new LineText(this.line.styleAtEnd, this.limit);
    return isWhole ? [line] : [];
  }
}
