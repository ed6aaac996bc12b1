import { PLAIN_STYLE, styleAfter, type TextStyle } from '../../shared/terminal/text-style.ts';
import { type ParsedLine, parseText } from '../terminal/line-pieces.ts';

/** A line of the tail: output, the name of the command that it belongs to, or a place where output was passed over. */
export interface TailLine extends ParsedLine {
  /** Grows by one with every line. */
  readonly key: number;
  readonly kind: 'output' | 'heading' | 'skipped';
}

/** The last lines of a log. */
export interface TailLines {
  readonly lines: readonly TailLine[];
  /** Raw text behind the last newline. */
  readonly partial: string;
  /** How the unfinished line begins to look: colours go on over the end of a line. */
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
  const lines: ParsedLine[] = [];
  for (const [at, raw] of raws.entries()) {
    if (raws.length - at <= KEPT) lines.push(parseText(raw, style));
    style = styleAfter(style, raw);
  }
  return { ...added(before, 'output', lines), partial, style };
}

/** Adds a line of its own; what was an unfinished line is one then, and what follows begins plain. */
export function withLine(before: TailLines, kind: 'heading' | 'skipped', text: string): TailLines {
  const rest = unfinishedLine(before);
  const ended = rest ? added(before, 'output', [rest]) : before;
  return { ...added(ended, kind, [parseText(text)]), partial: '', style: PLAIN_STYLE };
}

/** The unfinished line, as it looks; undefined if there is none. */
export function unfinishedLine({ partial, style }: TailLines): ParsedLine | undefined {
  return partial === '' ? undefined : parseText(partial, style);
}

function added(before: TailLines, kind: TailLine['kind'], parsed: readonly ParsedLine[]): TailLines {
  if (parsed.length === 0) return before;
  const lines = parsed.map((line, n): TailLine => ({ ...line, key: before.nextKey + n, kind }));
  return { ...before, lines: [...before.lines, ...lines].slice(-KEPT), nextKey: before.nextKey + lines.length };
}
