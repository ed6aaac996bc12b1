import type { LogLine } from '../../../../shared/contract/log.ts';
import { isSameStyle, PLAIN_STYLE, styleAfter, type TextStyle } from '../../../../shared/terminal/text-style.ts';

/**
 * A line while it is put together from pieces. Of one that is longer than `limit` (in UTF-16 code units) the begin is kept
 * and the end, so that it takes the same memory however long it is.
 */
export class LineText {
  private head = '';
  private tail = '';
  private leftOut = 0;
  private styleAtTail: TextStyle | undefined;

  constructor(
    private readonly style: TextStyle,
    private readonly limit: number,
  ) {}

  get isEmpty(): boolean {
    return this.head === '';
  }
  /** True when parts of it are left out already. */
  get isLong(): boolean {
    return this.leftOut > 0;
  }
  get styleAtEnd(): TextStyle {
    return this.styleAtTail ? styleAfter(this.styleAtTail, this.tail) : styleAfter(this.style, this.head);
  }

  add(piece: string): void {
    const room = this.limit - this.head.length;
    if (room > 0) this.head += piece.slice(0, room);
    if (piece.length <= room) return;
    this.styleAtTail ??= styleAfter(this.style, this.head);
    this.tail += piece.slice(room);
    const tooMuch = this.tail.length - this.limit;
    if (tooMuch <= this.limit) return;
    this.styleAtTail = styleAfter(this.styleAtTail, this.tail.slice(0, tooMuch));
    this.tail = this.tail.slice(tooMuch);
    this.leftOut += tooMuch;
  }

  /** Passes over so many bytes of it, to a place where the style is known. */
  skip(bytes: number, style: TextStyle): void {
    this.leftOut += this.tail.length + bytes;
    this.tail = '';
    this.styleAtTail = style;
  }

  /** Of a long one what a terminal would show last, where carriage returns went over what was there; else its begin. */
  shown(): LogLine {
    const { head, tail, style, styleAtTail = PLAIN_STYLE } = this;
    if (tail === '' && this.leftOut === 0) return { text: head, ...withStyle(style) };
    const back = tail.indexOf('\r') + 1;
    if (back === 0 || /^\r*$/.test(tail.slice(back))) {
      return { text: whole(head), ...withStyle(style), cut: { at: 'end', bytes: this.leftOut + tail.length } };
    }
    const bytes = head.length + this.leftOut + back;
    return {
      text: tail.slice(back),
      ...withStyle(styleAfter(styleAtTail, tail.slice(0, back))),
      cut: { at: 'begin', bytes },
    };
  }
}

function withStyle(style: TextStyle): Pick<LogLine, 'style'> {
  return isSameStyle(style, PLAIN_STYLE) ? {} : { style: [style.fg, style.bg, style.flags] };
}

/** Without the first half of a surrogate pair at its end. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
