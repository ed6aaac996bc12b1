import { SHORTEST_SECRET } from './secret-forms.ts';

/** Every form is looked for by its first bytes: so many. */
const WINDOW = SHORTEST_SECRET;
/** Bytes that are looked at together. Two would be common to secrets and ordinary text all too often. */
const BLOCK = 3;
const LONGEST_STEP = WINDOW - BLOCK + 1;
const TABLE_SIZE = 1 << 15;

/** Where secrets stand, as start and end in the order of their starts; and from where on one may still come to be. */
export interface FoundSecrets {
  readonly secrets: readonly (readonly [number, number])[];
  readonly undecidedFrom: number;
}

/**
 * Looks for many byte strings at once (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994): the last three
 * bytes of a window of eight say how far it may move on before a form could begin. Mostly that is six bytes, so that most
 * bytes of a log are never looked at.
 */
export class SecretSearch {
  private readonly steps = new Uint8Array(TABLE_SIZE).fill(LONGEST_STEP);
  /** Forms by the hash of the last block of their window. */
  private readonly byBlock = new Map<number, Buffer[]>();
  private readonly byFirst: (Buffer[] | undefined)[] = [];

  /** One more to look for, of 8 bytes at least. */
  add(form: Buffer): void {
    for (let at = BLOCK - 1; at < WINDOW; at += 1) {
      const hash = hashAt(form, at);
      this.steps[hash] = Math.min(this.steps[hash] ?? 0, WINDOW - 1 - at);
    }
    const hash = hashAt(form, WINDOW - 1);
    this.byBlock.set(hash, [...(this.byBlock.get(hash) ?? []), form]);
    const first = form[0] ?? 0;
    this.byFirst[first] = [...(this.byFirst[first] ?? []), form];
  }

  /** Finds every form in `text`, those that overlap too. */
  look(text: Buffer): FoundSecrets {
    const secrets: (readonly [number, number])[] = [];
    let undecidedFrom = text.length;
    for (let at = this.next(text, WINDOW - 1); at < text.length; at = this.next(text, at + 1)) {
      const start = at - WINDOW + 1;
      let end = 0;
      for (const form of this.byBlock.get(hashAt(text, at)) ?? []) {
        const there = Math.min(form.length, text.length - start);
        if (text.compare(form, 0, there, start, start + there) !== 0) continue;
        if (there === form.length) end = Math.max(end, start + there);
        else undecidedFrom = Math.min(undecidedFrom, start);
      }
      if (end > 0) secrets.push([start, end]);
    }
    return { secrets, undecidedFrom: Math.min(undecidedFrom, this.beginAtEnd(text)) };
  }

  /** The next place, from `at` on, where a window ends that a form may begin with; beyond the end where there is none. */
  private next(text: Buffer, at: number): number {
    const { steps } = this;
    let place = at;
    while (place < text.length) {
      const step = steps[hashAt(text, place)] ?? 0;
      if (step === 0) return place;
      place += step;
    }
    return place;
  }

  /** Less than a window is left there: the first place at which a form may have begun. */
  private beginAtEnd(text: Buffer): number {
    for (let start = Math.max(0, text.length - WINDOW + 1); start < text.length; start += 1) {
      const length = text.length - start;
      const begun = this.byFirst[text[start] ?? 0]?.some(
        (form) => text.compare(form, 0, length, start, text.length) === 0,
      );
      if (begun) return start;
    }
    return text.length;
  }
}

/** Of the block whose last byte stands at `at`. */
function hashAt(text: Buffer, at: number): number {
  return (((text[at - 2] as number) << 10) ^ ((text[at - 1] as number) << 5) ^ (text[at] as number)) & (TABLE_SIZE - 1);
}
