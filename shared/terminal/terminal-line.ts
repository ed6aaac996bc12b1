import { characterWidth } from './character-width.ts';
import { isSameStyle, PLAIN_STYLE, type TextStyle, withSgr } from './text-style.ts';

/** A piece of a line that looks the same from its begin to its end. */
export interface LineSpan {
  readonly text: string;
  readonly style: TextStyle;
  /** Where a link of the program's own (OSC 8) leads. */
  readonly link?: string;
}

/** What a terminal sends: text, a sequence that it obeys, or a control character. Cut-off sequences at the end count too. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
  /\u001b\[([0-?]*)[ -/]*([@-~]?)|\u001b\]([^\u0007\u001b]*)(?:\u0007|\u001b\\|$)|\u001b[PX^_][^\u001b]*(?:\u001b\\|$)|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000b-\u001f\u007f]|[^\u0000-\u0008\u000b-\u001f\u007f]+/g;

/** A colour changes no text; these do, when anything comes behind them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
const MOVES = /[\r\b]|\u001b\[[0-?]*[ -/]*[@CDGKPX`a]/;

/** Columns farther right than this are not painted: a cursor can be sent anywhere. */
const MAX_COLUMNS = 20_000;
/** A terminal obeys them and shows nothing: NUL, bell, character sets. */
const SILENT = '\u0000\u0007\u000e\u000f';

/**
 * A line of output as a terminal shows it at its end: colours applied, carriage returns, cursor moves and erasing within the
 * line done, other sequences swallowed. Control characters that mean nothing here stay in the text. `style`: at its begin.
 */
export function terminalLine(raw: string, style: TextStyle = PLAIN_STYLE): readonly LineSpan[] {
  const line = raw.endsWith('\r') ? raw.replace(/\r+$/, '') : raw;
  return MOVES.test(line) ? paintedSpans(line, style) : appendedSpans(line, style);
}

/** The text of `terminalLine` alone. */
export function visibleText(raw: string): string {
  return terminalLine(raw)
    .map(({ text }) => text)
    .join('');
}

/** Something that a line is made of, as far as it is to be shown. */
type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sequence'; readonly final: string; readonly parameters: string }
  | { readonly kind: 'link'; readonly target: string | undefined };

function* tokens(line: string): Generator<Token> {
  for (const match of line.matchAll(TOKEN)) {
    const [text, parameters = '', final = '', command] = match;
    if (command !== undefined) {
      const link = /^8;[^;]*;(.*)$/s.exec(command);
      if (link) yield { kind: 'link', target: link[1] === '' ? undefined : link[1] };
    } else if (text.startsWith('\u001b')) yield { kind: 'sequence', final, parameters };
    else if (!SILENT.includes(text)) yield { kind: 'text', text };
  }
}

function appendedSpans(line: string, begin: TextStyle): readonly LineSpan[] {
  const spans: LineSpan[] = [];
  let style = begin;
  let link: string | undefined;
  for (const token of tokens(line)) {
    if (token.kind === 'text') add(spans, token.text, style, link);
    else if (token.kind === 'link') link = token.target;
    else if (token.final === 'm') style = withSgr(style, token.parameters);
  }
  return spans;
}

function add(spans: LineSpan[], text: string, style: TextStyle, link: string | undefined): void {
  const last = spans.at(-1);
  if (text === '') return;
  if (last && last.link === link && isSameStyle(last.style, style)) {
    spans[spans.length - 1] = { ...last, text: last.text + text };
  } else spans.push(link === undefined ? { text, style } : { text, style, link });
}

/** A place for one character. The second place of a wide one is empty. */
interface Cell {
  text: string;
  readonly style: TextStyle;
  readonly link: string | undefined;
}

function paintedSpans(line: string, begin: TextStyle): readonly LineSpan[] {
  const painter = new Painter();
  let style = begin;
  let link: string | undefined;
  for (const token of tokens(line)) {
    if (token.kind === 'link') link = token.target;
    else if (token.kind === 'text') painter.write(token.text, style, link);
    else if (token.final === 'm') style = withSgr(style, token.parameters);
    else painter.obey(token.final, token.parameters);
  }
  return painter.spans();
}

const BLANK: Cell = { text: ' ', style: PLAIN_STYLE, link: undefined };

/** One row of a terminal that has no right edge. */
class Painter {
  private readonly cells: Cell[] = [];
  private at = 0;

  write(text: string, style: TextStyle, link: string | undefined): void {
    if (text === '\r') this.at = 0;
    else if (text === '\b') this.at = Math.max(0, this.at - 1);
    else for (const character of text) this.put(character, style, link);
  }

  obey(final: string, parameters: string): void {
    const count = Math.min(MAX_COLUMNS, Number.parseInt(parameters, 10) || 0);
    const steps = Math.max(1, count);
    if (final === 'C' || final === 'a') this.at = Math.min(MAX_COLUMNS, this.at + steps);
    else if (final === 'D') this.at = Math.max(0, this.at - steps);
    else if (final === 'G' || final === '`') this.at = steps - 1;
    else if (final === 'K') this.erase(count);
    else if (final === 'X') this.blank(this.at, Math.min(this.cells.length, this.at + steps));
    else if (final === 'P') this.cells.splice(this.at, steps);
    else if (final === '@' && this.at < this.cells.length) {
      this.cells.splice(this.at, 0, ...Array.from({ length: Math.min(steps, MAX_COLUMNS - this.cells.length) }, blank));
    }
  }

  spans(): readonly LineSpan[] {
    const spans: LineSpan[] = [];
    for (const { text, style, link } of this.cells) add(spans, text, style, link);
    return spans;
  }

  private put(character: string, style: TextStyle, link: string | undefined): void {
    const width = character === '\t' ? 8 - (this.at % 8) : characterWidth(character);
    if (width === 0) {
      const before = this.cells[this.at - 1];
      if (before) this.cells[this.at - 1] = { ...before, text: before.text + character };
      return;
    }
    if (this.at + width > MAX_COLUMNS) return;
    while (this.cells.length < this.at) this.cells.push(BLANK);
    // What stays of a wide character that is half covered is blank.
    if (this.cells[this.at]?.text === '' && this.at > 0) this.cells[this.at - 1] = BLANK;
    for (let n = 0; n < width; n += 1) {
      const text = character === '\t' ? ' ' : n === 0 ? character : '';
      this.cells[this.at + n] = { text, style, link };
    }
    this.at += width;
    if (this.cells[this.at]?.text === '') this.cells[this.at] = BLANK;
  }

  /** 0: to the end, 1: up to the cursor, 2: all of it. */
  private erase(what: number): void {
    if (what === 0) this.cells.length = Math.min(this.cells.length, this.at);
    else if (what === 1) this.blank(0, Math.min(this.cells.length, this.at + 1));
    else if (what === 2) this.cells.length = 0;
  }

  private blank(from: number, to: number): void {
    for (let n = from; n < to; n += 1) this.cells[n] = BLANK;
  }
}

function blank(): Cell {
  return BLANK;
}
