/** Those who wait for something to become true of an object that changes by itself, a server's say. */
export class Watchers {
  private readonly looks = new Set<() => void>();

  /** Resolves as soon as the condition holds; it is looked at now, and at every {@link notify}. */
  waitFor(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.looks.delete(look);
        resolve();
      };
      this.looks.add(look);
      look();
    });
  }

  /** Something has changed. */
  notify(): void {
    for (const look of [...this.looks]) look();
  }
}
