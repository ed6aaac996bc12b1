import type { Duplex } from 'node:stream';
import type { ByteSession } from './byte-session.ts';
import { HOLDER_LISTENS } from './container-holder.ts';

/** Of what a container said before it ended, so many bytes are told. */
const LAST_WORDS_BYTES = 2_000;

/**
 * The terminal of a container or pod. It carries one session after another: the holder on it starts a new shell when the last
 * one is gone. Nothing is typed before the holder listens: a terminal shows what is typed, amid the words of a container that
 * cannot start, and an entrypoint may read it.
 */
export class HeldTerminal {
  private receiver: (bytes: Uint8Array) => void = () => undefined;
  private endSession: () => void = () => undefined;
  private isOver = false;
  /** What is to be typed as soon as the holder listens; undefined once it does. */
  private typedAhead: string | undefined = '';
  /** What came before the holder listened, its end. */
  private words: Buffer = Buffer.alloc(0);
  /** Resolves when what ran in the last session is gone. */
  private cleared: Promise<void> = Promise.resolve();

  /** `stream`: as attached to a terminal with a holder on it. `endShells` ends what runs on it; the holder stays. */
  constructor(
    private readonly stream: Duplex,
    private readonly endShells: () => Promise<void>,
  ) {
    stream.on('data', (bytes: Uint8Array) => {
      if (this.typedAhead !== undefined) this.awaitHolder(bytes, this.typedAhead);
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

  /** The end of what was read before the holder listened, as text: of a container that could not start, why. */
  get lastWords(): string {
    return this.words.toString('utf8').replaceAll('\r\n', '\n').trim();
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
    // Of a session that was given up nothing is typed any more.
    if (this.typedAhead !== undefined) this.typedAhead = '';
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

  private awaitHolder(bytes: Uint8Array, typedAhead: string): void {
    const words = Buffer.concat([this.words, bytes]);
    const listens = words.indexOf(HOLDER_LISTENS);
    this.words = words.subarray(0, listens < 0 ? undefined : listens).subarray(-LAST_WORDS_BYTES);
    if (listens < 0) return;
    this.typedAhead = undefined;
    this.write(typedAhead);
  }

  private write(text: string): void {
    if (this.typedAhead !== undefined) {
      // What is typed again, as nobody has read it yet, need not be there twice.
      if (!this.typedAhead.endsWith(text)) this.typedAhead += text;
    } else if (!this.isOver) this.stream.write(text);
  }
}
