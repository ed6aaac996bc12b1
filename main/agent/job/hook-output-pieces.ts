import type { HookOutput } from '../../../shared/contract/hooks.ts';
import type { Clock, Timer } from '../platform/clock.ts';

/** Between two pieces, in ms: what one sees as going on. */
const PIECE_MS = 50;
/** A piece is not longer, in UTF-16 code units: more than anybody reads in that time. */
const LONGEST_PIECE = 32 * 1024;

/**
 * Gives what a hook writes in pieces, so few and so short that a hook that writes without end troubles nobody: of what comes
 * faster the end is given, and how much was passed over.
 */
export class HookOutputPieces {
  private readonly decoder = new TextDecoder();
  private text = '';
  private skipped = 0;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly give: (piece: HookOutput) => void,
  ) {}

  add(chunk: Uint8Array): void {
    this.keep(this.decoder.decode(chunk, { stream: true }));
    this.timer ??= this.clock.startTimer(PIECE_MS, () => this.giveAll());
  }

  /** Nothing comes any more: the rest is given at once. */
  end(): void {
    this.timer?.cancel();
    this.keep(this.decoder.decode());
    this.giveAll();
  }

  private keep(text: string): void {
    const all = this.text + text;
    this.text = all.slice(-LONGEST_PIECE);
    this.skipped += all.length - this.text.length;
  }

  private giveAll(): void {
    const { text, skipped } = this;
    this.text = '';
    this.skipped = 0;
    this.timer = undefined;
    if (text !== '') this.give({ text, skipped });
  }
}
