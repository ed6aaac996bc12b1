import type { LogLine } from '../../shared/contract/log.ts';
import { PLAIN_STYLE } from '../../shared/terminal/text-style.ts';
import { type ParsedLine, parseText } from '../terminal/line-pieces.ts';

const parsed = new WeakMap<LogLine, ParsedLine>();

/** What a terminal would show of a line, its links found. The same object for the same line. */
export function parseLine(line: LogLine): ParsedLine {
  const before = parsed.get(line);
  if (before) return before;
  const [fg, bg, flags] = line.style ?? [];
  const style = fg === undefined || bg === undefined || flags === undefined ? PLAIN_STYLE : { fg, bg, flags };
  const made = parseText(line.text, style);
  parsed.set(line, made);
  return made;
}
