import type { Duplex } from 'node:stream';
import type { ByteSession } from './byte-session.ts';

/** Of what a container said before it ended, so many bytes are told. */
const LAST_WORDS_BYTES = 2_000;

/**
 * The terminal of a container or pod. It carries one session after another: the holder on it starts a new shell when the last
 * one is gone.
 */
export class HeldTerminal {
  private receiver: (bytes: Uint8Array) => void = () => undefined;
  private endSession: () => void = () => undefined;
  private isOver = false;
  private lastBytes: Uint8Array = new Uint8Array();
  /** Resolves when what ran in the last session is gone. */
  private cleared: Promise<void> = Promise.resolve();

  /** `stream`: as attached to a terminal with a holder on it. `endShells` ends what runs on it; the holder stays. */
  constructor(
    private readonly stream: Duplex,
    private readonly endShells: () => Promise<void>,
  ) {
    stream.on('data', (bytes: Uint8Array) => {
      this.lastBytes = bytes;
      this.receiver(bytes);
    });
    const over = () => {
      this.isOver = true;
      this.endSession();
    };
    stream.once('end', over);
    stream.once('close', over);
    // What follows an error is a close.
    stream.on('error', () => undefined);
  }

  /** False when the stream is over: the container has ended, or the engine is gone. */
  get alive(): boolean {
    return !this.isOver;
  }

  /** The last that was read, as text: of a container that ended at once, why it did. */
  get lastWords(): string {
    return Buffer.from(this.lastBytes.subarray(-LAST_WORDS_BYTES)).toString('utf8').replaceAll('\r\n', '\n').trim();
  }

  /** The next session, when the one before is over. */
  async openSession({ profile }: { readonly profile: boolean }): Promise<ByteSession> {
    this.endSession();
    await this.cleared;
    const { stream } = this;
    const closed = new Promise<void>((resolve) => {
      this.endSession = resolve;
    });
    if (this.isOver) this.endSession();
    this.write(profile ? 'profile\n' : 'noprofile\n');
    const end = this.endSession;
    return {
      write: (text) => this.write(text),
      onBytes: (receiver) => {
        this.receiver = receiver;
      },
      pause: () => void stream.pause(),
      resume: () => void stream.resume(),
      closed,
      kill: () => {
        this.cleared = this.endShells();
        end();
      },
    };
  }

  close(): void {
    this.stream.destroy();
  }

  private write(text: string): void {
    if (!this.isOver) this.stream.write(text);
  }
}
