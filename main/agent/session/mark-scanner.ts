import { MARK_INTRODUCER, MARK_TERMINATOR, type Mark, NONCE_LENGTH, parseMark } from './marks.ts';

const INTRODUCER = Buffer.from(MARK_INTRODUCER, 'latin1');
const HEAD_LENGTH = INTRODUCER.length + NONCE_LENGTH;
/** Kind and two numbers need fewer; what is longer is no mark. */
const MAX_BODY = 32;
const CARRIAGE_RETURN = 0x0d;
const NEWLINE = 0x0a;

/** What the scanner tells, in the order of the stream. Chunks are views of the bytes given to it. */
export interface ScannerReceiver {
  onOutput(bytes: Uint8Array): void;
  onMark(mark: Mark): void;
}

/**
 * Splits a stream, cut anywhere, into marks with a nonce that is expected and everything else. Only a true prefix of a mark
 * is held back; what merely looks like one passes unchanged. The newline that bash writes behind a begin mark belongs to it.
 */
export class MarkScanner {
  private expected: ReadonlySet<string> = new Set();
  private held: Buffer = Buffer.alloc(0);
  /** After a begin mark: its newline is still to come, after a `\r` or without. */
  private newlineDue: 'no' | 'yes' | 'after-return' = 'no';

  constructor(private readonly receiver: ScannerReceiver) {}

  /** From now on these nonces make a mark. */
  expect(nonces: readonly string[]): void {
    this.expected = new Set(nonces);
  }

  push(bytes: Uint8Array): void {
    let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.held.length > 0) {
      rest = Buffer.concat([this.held, rest]);
      this.held = Buffer.alloc(0);
    }
    while (rest.length > 0) rest = this.step(this.withoutDueNewline(rest));
  }

  /** The stream is over: what was held back is no mark. */
  end(): void {
    const held = this.held;
    this.held = Buffer.alloc(0);
    this.output(held);
  }

  /** Takes one piece off the front: output up to the next candidate, a mark, or all of it. Returns what is left. */
  private step(bytes: Buffer): Buffer {
    const start = bytes.indexOf(INTRODUCER);
    if (start < 0) return this.hold(bytes, bytes.length - introducerPrefixAtEnd(bytes));
    const verdict = this.judge(bytes.subarray(start));
    if (verdict === 'incomplete') return this.hold(bytes, start);
    if (verdict === 'output') {
      this.output(bytes.subarray(0, start + INTRODUCER.length));
      return bytes.subarray(start + INTRODUCER.length);
    }
    this.output(bytes.subarray(0, start));
    this.newlineDue = verdict.mark.kind === 'B' ? 'yes' : 'no';
    this.receiver.onMark(verdict.mark);
    return bytes.subarray(start + verdict.length);
  }

  /** Hands out what stands before `from` and keeps the rest, a copy: the stream may use its buffer again. */
  private hold(bytes: Buffer, from: number): Buffer {
    this.output(bytes.subarray(0, from));
    this.held = Buffer.from(bytes.subarray(from));
    return bytes.subarray(bytes.length);
  }

  /** What a piece that starts with the introducer is. */
  private judge(bytes: Buffer): 'output' | 'incomplete' | { readonly mark: Mark; readonly length: number } {
    const nonce = bytes.toString('latin1', INTRODUCER.length, HEAD_LENGTH);
    if (nonce.length < NONCE_LENGTH) return this.startsExpected(nonce) ? 'incomplete' : 'output';
    if (!this.expected.has(nonce)) return 'output';
    const end = bytes.subarray(0, HEAD_LENGTH + MAX_BODY).indexOf(MARK_TERMINATOR, HEAD_LENGTH);
    if (end < 0) return bytes.length < HEAD_LENGTH + MAX_BODY ? 'incomplete' : 'output';
    const mark = parseMark(nonce, bytes.toString('latin1', HEAD_LENGTH, end));
    return mark ? { mark, length: end + 1 } : 'output';
  }

  private startsExpected(prefix: string): boolean {
    for (const nonce of this.expected) if (nonce.startsWith(prefix)) return true;
    return false;
  }

  private withoutDueNewline(bytes: Buffer): Buffer {
    if (this.newlineDue === 'yes' && bytes[0] === CARRIAGE_RETURN) {
      this.newlineDue = 'after-return';
      return this.withoutDueNewline(bytes.subarray(1));
    }
    if (this.newlineDue === 'no' || bytes.length === 0) return bytes;
    this.newlineDue = 'no';
    return bytes[0] === NEWLINE ? bytes.subarray(1) : bytes;
  }

  private output(bytes: Buffer): void {
    if (bytes.length > 0) this.receiver.onOutput(bytes);
  }
}

/** Length of the longest end of `bytes` with which the introducer starts. */
function introducerPrefixAtEnd(bytes: Buffer): number {
  for (let length = Math.min(INTRODUCER.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.compare(INTRODUCER, 0, length, bytes.length - length) === 0) return length;
  }
  return 0;
}
