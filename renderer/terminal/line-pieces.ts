import { type LineSpan, terminalLine } from '../../shared/terminal/terminal-line.ts';
import { PLAIN_STYLE, type TextStyle } from '../../shared/terminal/text-style.ts';

/** A part of a line's text, in UTF-16 code units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A line as it is shown. */
export interface ParsedLine {
  readonly text: string;
  readonly spans: readonly LineSpan[];
  readonly links: readonly (TextRange & { readonly url: string })[];
}

/** A piece of a line that is painted in one way. */
export interface LinePiece {
  readonly start: number;
  readonly text: string;
  readonly style: TextStyle;
  readonly url: string | undefined;
  readonly match: 'match' | 'current' | undefined;
  readonly isSelected: boolean;
  /** A character that does something without being seen (it turns text round, for one): its name is shown in its place. */
  readonly isHidden: boolean;
}

export interface LineMarks {
  /** In their order. */
  readonly matches: readonly TextRange[];
  readonly current: TextRange | undefined;
  readonly selection: TextRange | undefined;
}

export const NO_MARKS: LineMarks = { matches: [], current: undefined, selection: undefined };

/** Control characters, marks of direction, and spaces of no width. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
/** A line that looks different more often than this shows its rest plain: nobody reads that, and each piece is an element. */
export const MAX_PIECES = 1_000;
const URLS = /\bhttps?:\/\/[^\s"'<>`\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
const WEB = /^https?:\/\//i;

/** What a terminal would show of a line, its links found. `style`: at its begin. */
export function parseText(raw: string, style: TextStyle = PLAIN_STYLE): ParsedLine {
  const spans = terminalLine(raw, style);
  const text = spans.map((span) => span.text).join('');
  return { text, spans, links: linksOf(spans, text) };
}

function linksOf(spans: readonly LineSpan[], text: string): ParsedLine['links'] {
  const links: (TextRange & { readonly url: string })[] = [];
  let start = 0;
  for (const { text: part, link } of spans) {
    if (link !== undefined && WEB.test(link)) links.push({ start, end: start + part.length, url: link });
    start += part.length;
  }
  if (!text.includes('://')) return links;
  for (const found of text.matchAll(URLS)) {
    const url = withoutPunctuation(found[0]);
    const range = { start: found.index, end: found.index + url.length, url };
    if (!links.some((link) => link.start < range.end && range.start < link.end)) links.push(range);
  }
  return links;
}

/** A full stop behind an address is not part of it, nor is a bracket that was opened before. */
function withoutPunctuation(url: string): string {
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url[end - 1] ?? '';
    const opened = last === ')' ? '(' : last === ']' ? '[' : undefined;
    const isOwn = opened !== undefined && url.slice(0, end).includes(opened);
    if (!'.,;:!?)]}*_'.includes(last) || isOwn) break;
  }
  return url.slice(0, end);
}

/** Cuts a line wherever it begins to look different. */
export function linePieces({ text, spans, links }: ParsedLine, marks: LineMarks): readonly LinePiece[] {
  const { matches, current, selection } = marks;
  const hidden = [...text.matchAll(HIDDEN)].map(({ index }) => ({ start: index, end: index + 1 }));
  const hiddenAt = new Set(hidden.map(({ start }) => start));
  const ranges = [...links, ...matches, ...hidden, ...(current ? [current] : []), ...(selection ? [selection] : [])];
  const cuts = [...new Set(ranges.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const pieces: LinePiece[] = [];
  let at = 0;
  let cut = 0;
  let match = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    let begin = at;
    while (begin < end) {
      while ((cuts[cut] ?? end) <= begin && cut < cuts.length) cut += 1;
      if (pieces.length === MAX_PIECES) return [...pieces, plainRest(text, begin)];
      const stop = Math.min(end, cuts[cut] ?? end);
      while (match < matches.length && (matches[match]?.end ?? 0) <= begin) match += 1;
      const found = matches[match];
      const isIn = (range: TextRange) => range.start <= begin && stop <= range.end;
      pieces.push({
        start: begin,
        text: text.slice(begin, stop),
        style: span.style,
        url: links.find(isIn)?.url,
        match: current && isIn(current) ? 'current' : found && isIn(found) ? 'match' : undefined,
        isSelected: selection !== undefined && isIn(selection),
        isHidden: hiddenAt.has(begin),
      });
      begin = stop;
    }
    at = end;
  }
  return pieces;
}

/** What is left of a line. A character that does something without being seen does nothing here, and has a sign in its place. */
function plainRest(text: string, start: number): LinePiece {
  const rest = text.slice(start).replace(HIDDEN, '\ufffd');
  return {
    start,
    text: rest,
    style: PLAIN_STYLE,
    url: undefined,
    match: undefined,
    isSelected: false,
    isHidden: false,
  };
}
