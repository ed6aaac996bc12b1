import type { TextPlace } from '../../shared/contract/log.ts';
import type { TextRange } from '../terminal/line-pieces.ts';

/** What a reader has selected: from where they began to where they are. It may lie in lines that are not loaded. */
export interface TextSelection {
  readonly anchor: TextPlace;
  readonly head: TextPlace;
}

/** Behind the last column of any line. */
export const LINE_END = 1_000_000_000;

/** A click selects nothing, but begins a selection. */
export function isEmptySelection({ anchor, head }: TextSelection): boolean {
  return anchor.line === head.line && anchor.column === head.column;
}

/** From its first place to its last. */
export function ordered({ anchor, head }: TextSelection): { readonly from: TextPlace; readonly to: TextPlace } {
  const isForward = anchor.line < head.line || (anchor.line === head.line && anchor.column <= head.column);
  return isForward ? { from: anchor, to: head } : { from: head, to: anchor };
}

/** The part of a line that is selected; undefined for none. `length`: of its text. */
export function selectedIn(selection: TextSelection | undefined, line: number, length: number): TextRange | undefined {
  if (!selection) return undefined;
  const { from, to } = ordered(selection);
  if (line < from.line || line > to.line) return undefined;
  const start = line === from.line ? Math.min(from.column, length) : 0;
  const end = line === to.line ? Math.min(to.column, length) : length;
  return end > start ? { start, end } : undefined;
}

/** The word at a column, or the one character that is there. */
export function wordAt(text: string, column: number): TextRange {
  const isWord = (at: number) => /[\p{L}\p{N}_./:@-]/u.test(text[at] ?? ' ');
  let start = column;
  let end = column;
  while (start > 0 && isWord(start - 1)) start -= 1;
  while (end < text.length && isWord(end)) end += 1;
  return end > start ? { start, end } : { start: column, end: Math.min(text.length, column + 1) };
}
