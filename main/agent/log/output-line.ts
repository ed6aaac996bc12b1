import type { OutputText } from './index/output-text.ts';

const NEWLINE = 0x0a;
const ESCAPE = 0x1b;

/** More output than this goes into a further event, in bytes of UTF-8. The log server counts an overhead for each event. */
export const MAX_OUTPUT_BYTES = 16 * 1024;
/** What a byte may become in JSON: `\u001b`. */
const LONGEST_ESCAPE = 6;
/** Before the text there is room for the begin of the line, which tells a time of any length. */
const HEAD_BYTES = 96;
const END = Buffer.from('"}\n');

/** For each byte what JSON writes instead of it, as `JSON.stringify` does; undefined for most of them, which stay. */
const ESCAPES = Array.from({ length: 256 }, (_, byte) => {
  const text = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return byte < 0x80 && text.length > 1 ? Buffer.from(text) : undefined;
});
/** 1 for the bytes that have one: a look into it costs less than one into the table above. */
const IS_ESCAPED = Uint8Array.from(ESCAPES, (written) => (written ? 1 : 0));

/**
 * The next `cmd_output` event, put together from bytes as a line of JSON in one piece of memory that is used again for every
 * line: strings of all output would be several times as much garbage as there is output.
 */
export class OutputLine {
  private readonly line = Buffer.allocUnsafeSlow(HEAD_BYTES + MAX_OUTPUT_BYTES * LONGEST_ESCAPE + END.length);
  private end = HEAD_BYTES;
  /** Bytes of output that are in it. */
  private size = 0;
  private newlines = 0;
  private last = 0;
  private hasEscape = false;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Takes whole code points in UTF-8, from `from` on, as far as they fit. Gives the place of the first that does not. */
  add(text: Buffer, from: number): number {
    const to = this.fitting(text, from);
    const { line } = this;
    let { end } = this;
    for (let at = from; at < to; at += 1) {
      const byte = text[at] as number;
      if (IS_ESCAPED[byte] === 0) {
        line[end] = byte;
        end += 1;
      } else end = this.escape(byte, end);
    }
    this.end = end;
    this.size += to - from;
    if (to > from) this.last = text[to - 1] as number;
    return to;
  }

  /**
   * The event as its line, and what it says; the next one begins empty. Both are valid until something is added to it.
   * `timestamp`: in s since the Unix epoch.
   */
  take(timestamp: number): { readonly line: Buffer; readonly output: OutputText } {
    const { newlines, hasEscape, end } = this;
    const head = `{"event":"cmd_output","timestamp":${timestamp},"output":"`;
    const begin = HEAD_BYTES - head.length;
    this.line.write(head, begin, 'latin1');
    END.copy(this.line, end);
    const text = () => JSON.parse(this.line.toString('utf8', HEAD_BYTES - 1, end + 1));
    const output = { newlines, endsWithNewline: this.last === NEWLINE, hasEscape, text };
    this.end = HEAD_BYTES;
    this.size = 0;
    this.newlines = 0;
    this.hasEscape = false;
    return { line: this.line.subarray(begin, end + END.length), output };
  }

  /** Where the last code point that still fits ends. */
  private fitting(text: Buffer, from: number): number {
    let to = from + MAX_OUTPUT_BYTES - this.size;
    if (to >= text.length) return text.length;
    while (((text[to] as number) & 0xc0) === 0x80) to -= 1;
    return Math.max(from, to);
  }

  private escape(byte: number, at: number): number {
    if (byte === NEWLINE) this.newlines += 1;
    if (byte === ESCAPE) this.hasEscape = true;
    const written = ESCAPES[byte] as Buffer;
    for (let n = 0; n < written.length; n += 1) this.line[at + n] = written[n] as number;
    return at + written.length;
  }
}
