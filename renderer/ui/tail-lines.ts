import { PLAIN_STYLE, styleAfter, type TextStyle } from '../../shared/terminal/text-style.ts';
import { type ParsedLine, parseText } from '../terminal/line-pieces.ts';

/**
 * A line of the tail: output, the name of the command that it belongs to, or a place where output was passed over. It is kept as
 * it came: of fast output most lines are gone before anybody could have seen them, and need not be made ready to be shown.
 */
export interface TailLine {
  /** Grows by one with every line. */
  readonly key: number;
  readonly kind: 'output' | 'heading' | 'skipped';
  /** Without its newline. */
  readonly raw: string;
  /** At its begin: colours go on over the end of a line. */
  readonly style: TextStyle;
}

/** The last lines of a log. */
export interface TailLines {
  readonly lines: readonly TailLine[];
  /** Raw text behind the last newline. */
  readonly partial: string;
  /** At the begin of the unfinished line. */
  readonly style: TextStyle;
  readonly nextKey: number;
}

export const NO_LINES: TailLines = { lines: [], partial: '', style: PLAIN_STYLE, nextKey: 0 };

/** So many lines are kept. */
const KEPT = 1_000;
/** Of a line that does not end, so many characters at its end are kept. */
const PARTIAL_LIMIT = 16 * 1024;

/** Adds output, cut anywhere. */
export function withOutput(before: TailLines, text: string): TailLines {
  const raws = (before.partial + text).split('\n');
  const partial = (raws.pop() ?? '').slice(-PARTIAL_LIMIT);
  let { style } = before;
  const lines = raws.map((raw, n): TailLine => {
    const line = { key: before.nextKey + n, kind: 'output', raw, style } as const;
    style = styleAfter(style, raw);
    return line;
  });
  return { lines: added(before.lines, lines), partial, style, nextKey: before.nextKey + lines.length };
}

/** Adds a line of its own; what was an unfinished line is one then, and what follows begins plain. */
export function withLine(before: TailLines, kind: 'heading' | 'skipped', raw: string): TailLines {
  const { lines, partial, nextKey } = partialEnded(before);
  const line = { key: nextKey, kind, raw, style: PLAIN_STYLE };
  return { lines: added(lines, [line]), partial, style: PLAIN_STYLE, nextKey: nextKey + 1 };
}

/** A line as it is shown. */
export function shownLine({ raw, style }: Pick<TailLine, 'raw' | 'style'>): ParsedLine {
  return parseText(raw, style);
}

/** The unfinished line, as it is shown; undefined if there is none. */
export function unfinishedLine({ partial, style }: TailLines): ParsedLine | undefined {
  return partial === '' ? undefined : shownLine({ raw: partial, style });
}

function partialEnded(tail: TailLines): TailLines {
  return tail.partial === '' ? tail : withOutput(tail, '\n');
}

function added(before: readonly TailLine[], lines: readonly TailLine[]): readonly TailLine[] {
  return lines.length === 0 ? before : [...before, ...lines].slice(-KEPT);
}
