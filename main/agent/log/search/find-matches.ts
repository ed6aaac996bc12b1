import type { LogMatch } from '../../../../shared/contract/log.ts';
import type { BlockText } from './block-text.ts';
import type { Matcher } from './matcher.ts';

/** Between two signs of life, in lines. */
const LINES_A_SIGN = 64;

/** The matches in a text, in their order. Empty ones are none. `onLine` is called now and then while it goes through lines. */
export function findMatches({ expression, needsLines }: Matcher, block: BlockText, onLine: () => void): LogMatch[] {
  return needsLines ? matchesByLines(expression, block, onLine) : matchesInText(expression, block);
}

function matchesInText(expression: RegExp, { firstLine, text }: BlockText): LogMatch[] {
  const matches: LogMatch[] = [];
  let line = firstLine;
  let lineBegin = 0;
  let lineEnd = text.indexOf('\n');
  expression.lastIndex = 0;
  for (let found = expression.exec(text); found; found = expression.exec(text)) {
    while (lineEnd >= 0 && lineEnd < found.index) {
      line += 1;
      lineBegin = lineEnd + 1;
      lineEnd = text.indexOf('\n', lineBegin);
    }
    const start = found.index - lineBegin;
    matches.push({ line, start, end: start + found[0].length });
  }
  return matches;
}

function matchesByLines(expression: RegExp, { firstLine, text }: BlockText, onLine: () => void): LogMatch[] {
  const matches: LogMatch[] = [];
  let line = firstLine;
  for (let begin = 0; begin < text.length; line += 1) {
    const newline = text.indexOf('\n', begin);
    const end = newline < 0 ? text.length : newline;
    const one = text.slice(begin, end);
    expression.lastIndex = 0;
    for (let found = expression.exec(one); found; found = expression.exec(one)) {
      if (found[0] !== '') matches.push({ line, start: found.index, end: found.index + found[0].length });
      else expression.lastIndex += 1;
    }
    if (line % LINES_A_SIGN === 0) onLine();
    begin = end + 1;
  }
  return matches;
}
