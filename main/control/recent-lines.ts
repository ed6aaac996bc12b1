/** So many lines are remembered, each no longer than this. */
const MOST_LINES = 200;
const MOST_LENGTH = 2_000;

/** The last lines that a process wrote, and a way to hear of the next ones. */
export class RecentLines {
  private readonly lines: string[] = [];
  private readonly readers = new Set<(line: string) => void>();

  add(line: string): void {
    const kept = line.slice(0, MOST_LENGTH);
    this.lines.push(kept);
    if (this.lines.length > MOST_LINES) this.lines.shift();
    for (const reader of this.readers) reader(kept);
  }

  /** The oldest first. */
  last(count = MOST_LINES): readonly string[] {
    return this.lines.slice(-count);
  }

  /** Calls `reader` with every line from now on; returns the way to stop that. */
  onLine(reader: (line: string) => void): () => void {
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  }
}
