import { isUtf8 } from 'node:buffer';
import type { MaskedStream } from './masking/secret-mask.ts';

const CARRIAGE_RETURN = 0x0d;
const NEWLINE = 0x0a;
const RETURN = Buffer.of(CARRIAGE_RETURN);
const REPLACEMENT = Buffer.from('\ufffd');
const NOTHING = Buffer.alloc(0);

/**
 * Bytes of a terminal, cut anywhere, as text in UTF-8. Of `\r\n` the `\r` goes: the terminal put it there. Exactly one goes, so a
 * program's own `\r\n`, which arrives as `\r\r\n`, stays `\r\n`; a lone `\r` stays. Then secrets are masked, if they are to
 * be. Every byte that is no UTF-8 becomes one U+FFFD (as Go decodes, and so the reference agent). What is not certain yet is
 * kept for the next call.
 */
export class TerminalText {
  private readonly returns = new ReturnFilter();
  private isReturnHeld = false;
  private held: Buffer = NOTHING;

  constructor(private readonly mask?: MaskedStream) {}

  /** Takes bytes and gives all text that is certain by now: whole code points, valid until the next call. */
  push(bytes: Uint8Array): Buffer {
    const fresh = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (fresh.length === 0) return NOTHING;
    const all = this.isReturnHeld ? Buffer.concat([RETURN, fresh]) : fresh;
    this.isReturnHeld = all[all.length - 1] === CARRIAGE_RETURN;
    return this.certain(this.returns.without(this.isReturnHeld ? all.subarray(0, -1) : all));
  }

  /** The stream is over: what was kept is what it looks like. */
  end(): Buffer {
    const text = this.isReturnHeld ? this.certain(RETURN) : NOTHING;
    this.isReturnHeld = false;
    const rest = Buffer.concat([this.held, this.mask?.end() ?? NOTHING]);
    this.held = NOTHING;
    return Buffer.concat([text, repaired(rest)]);
  }

  private certain(bytes: Buffer): Buffer {
    const masked = this.mask?.push(bytes) ?? bytes;
    const all = this.held.length === 0 ? masked : Buffer.concat([this.held, masked]);
    const certain = all.length - undecidedAtEnd(all);
    this.held = certain < all.length ? Buffer.from(all.subarray(certain)) : NOTHING;
    return repaired(all.subarray(0, certain));
  }
}

/** The begin of a code point: how many bytes must wait. */
function undecidedAtEnd(bytes: Buffer): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length += 1) {
    const byte = bytes[bytes.length - length] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return length < sequenceLength(byte) && isPrefix(bytes.subarray(bytes.length - length)) ? length : 0;
  }
  return 0;
}

/** How long the code point is that begins with this byte; 1 for what begins none. */
function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 1;
}

/** Overlong forms, surrogates and what lies beyond U+10FFFF betray themselves by their second byte. */
function isPrefix(bytes: Buffer): boolean {
  const [first = 0, second] = bytes;
  if (second === undefined) return true;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second <= 0x9f;
  if (first === 0xf0) return second >= 0x90;
  if (first === 0xf4) return second <= 0x8f;
  return true;
}

/** Takes the terminal's returns out. */
class ReturnFilter {
  private room: Buffer = NOTHING;

  /** What stands between the returns that go, valid until the next call; without any, the bytes themselves. */
  without(bytes: Buffer): Buffer {
    const first = bytes.indexOf(CARRIAGE_RETURN);
    if (first < 0) return bytes;
    if (this.room.length < bytes.length) this.room = Buffer.allocUnsafeSlow(bytes.length);
    const { room } = this;
    let length = bytes.copy(room, 0, 0, first);
    // Short lines are the rule: byte by byte is quicker there than a search and a copy for each of them.
    for (let at = first; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === CARRIAGE_RETURN && bytes[at + 1] === NEWLINE) continue;
      room[length] = byte;
      length += 1;
    }
    return room.subarray(0, length);
  }
}

/** Whole code points as they are, U+FFFD for every other byte. */
function repaired(bytes: Buffer): Buffer {
  if (isUtf8(bytes)) return bytes;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0);
    const piece = bytes.subarray(at, at + length);
    const whole = piece.length === length && isUtf8(piece);
    pieces.push(whole ? piece : REPLACEMENT);
    at += whole ? length : 1;
  }
  return Buffer.concat(pieces);
}
