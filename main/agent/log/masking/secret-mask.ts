import { formsOf } from './secret-forms.ts';
import { SecretSearch } from './secret-search.ts';

const MASKED = Buffer.from('[masked]');
const NOTHING = Buffer.alloc(0);

/** What must not stand in a log, ready to be looked for. One for each job. */
export class SecretMask {
  private readonly search = new SecretSearch();

  constructor(secrets: readonly Uint8Array[]) {
    for (const secret of secrets) this.add(secret);
  }

  /** One more, from what comes next on, in streams that are under way too. */
  add(secret: Uint8Array): void {
    for (const form of formsOf(secret)) this.search.add(form);
  }

  /** A stream to put in the way of a command's output. */
  stream(): MaskedStream {
    return new MaskedStream(this.search);
  }

  /** A text that is there as a whole, masked. */
  maskText(text: string): string {
    const stream = this.stream();
    const begin = stream.push(Buffer.from(text));
    return Buffer.concat([begin, stream.end()]).toString('utf8');
  }
}

/**
 * Takes secrets out of a stream that is cut anywhere. Each becomes `[masked]`; those that overlap become one, so that no rest
 * of the second shows. Held back is only what a secret may still grow out of, less than the longest form of one.
 */
export class MaskedStream {
  private held: Buffer = NOTHING;
  /** So many bytes of what is held belong to a secret that was masked already. */
  private covered = 0;

  constructor(private readonly search: SecretSearch) {}

  /** Gives what is certain by now; a view of `bytes` where nothing was found and nothing held back. */
  push(bytes: Buffer): Buffer {
    const all = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    const found = this.search.look(all);
    return this.give(all, found.secrets, found.undecidedFrom);
  }

  /** The stream is over: what was held back is what it looks like. */
  end(): Buffer {
    const all = this.held;
    return this.give(all, this.search.look(all).secrets, all.length);
  }

  private give(all: Buffer, secrets: readonly (readonly [number, number])[], until: number): Buffer {
    const pieces: Buffer[] = [];
    let done = this.covered;
    for (const [start, end] of secrets) {
      if (start >= done) {
        // Whether this one begins a secret of its own, or is part of a longer one, shows later.
        if (start >= until) break;
        pieces.push(all.subarray(done, start), MASKED);
      }
      done = Math.max(done, end);
    }
    if (done < until) pieces.push(all.subarray(done, until));
    this.covered = Math.max(0, done - until);
    this.held = until < all.length ? Buffer.from(all.subarray(until)) : NOTHING;
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  }
}
