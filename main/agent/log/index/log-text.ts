import type { TextPlace } from '../../../../shared/contract/log.ts';
import { visibleText } from '../../../../shared/terminal/terminal-line.ts';
import { type IndexedLog, linesFrom } from './line-reader.ts';

/** A line that is longer is cut even in a copy: it has to fit into memory. In UTF-16 code units. */
const LINE_LIMIT = 16 * 1024 * 1024;
/** What one part of a text may be long, in UTF-16 code units. */
const PART = 1024 * 1024;

/**
 * The visible text between two places, a part at a time, without the newline at its end. What a part leaves begins at
 * `next`.
 */
export async function textBetween(
  log: IndexedLog,
  from: TextPlace,
  to: TextPlace,
): Promise<{ readonly text: string; readonly next?: TextPlace }> {
  const lines: string[] = [];
  let size = 0;
  for await (const part of linesFrom(log, from.line, LINE_LIMIT)) {
    for (const { number, text: raw } of part) {
      if (number > to.line) return { text: lines.join('\n') };
      if (size >= PART) return { text: `${lines.join('\n')}\n`, next: { line: number, column: 0 } };
      const text = visibleText(raw);
      const begin = number === from.line ? from.column : 0;
      lines.push(text.slice(begin, number === to.line ? to.column : text.length));
      size += text.length + 1;
    }
  }
  return { text: lines.join('\n') };
}

/**
 * A whole log as text, as people see it: the directive of each command behind a `$`, then the visible text of its output.
 */
export async function* wholeText(log: IndexedLog): AsyncGenerator<string> {
  const headings = [...log.index.commands];
  for await (const part of linesFrom(log, 0, LINE_LIMIT)) {
    let text = '';
    for (const { number, text: raw } of part) {
      text += headingsBefore(headings, number);
      text += `${visibleText(raw)}\n`;
    }
    yield text;
  }
  yield headingsBefore(headings, Number.POSITIVE_INFINITY);
}

/** The headings that stand before a line; they are taken from the list. */
function headingsBefore(headings: { readonly directive: string; readonly firstLine: number }[], line: number): string {
  let text = '';
  for (let next = headings[0]; next && next.firstLine <= line; next = headings[0]) {
    text += `$ ${next.directive}\n`;
    headings.shift();
  }
  return text;
}
