/** So many places a scroll bar shows at most. */
const MARKS = 1024;

/** Counts matches by place, in the same memory for a log of any length. */
export class Marks {
  private counts: number[] = [];
  private lines = 1;

  /** Each count is for so many lines. */
  get linesPerMark(): number {
    return this.lines;
  }
  get list(): readonly number[] {
    return this.counts;
  }

  add(line: number, count = 1): void {
    while (line / this.lines >= MARKS) this.halve();
    const at = Math.floor(line / this.lines);
    while (this.counts.length <= at) this.counts.push(0);
    this.counts[at] = (this.counts[at] ?? 0) + count;
  }

  copy(): Marks {
    const copy = new Marks();
    copy.counts = [...this.counts];
    copy.lines = this.lines;
    return copy;
  }

  private halve(): void {
    const { counts } = this;
    this.counts = counts.flatMap((count, n) => (n % 2 === 0 ? [count + (counts[n + 1] ?? 0)] : []));
    this.lines *= 2;
  }
}
