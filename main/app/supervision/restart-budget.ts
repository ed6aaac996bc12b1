/** So many restarts within the window, in ms; it refills as the oldest ones leave it. */
const RESTARTS = 3;
const WINDOW_MS = 10 * 60_000;

/** Says whether something that crashed may be started once more. */
export class RestartBudget {
  private taken: number[] = [];

  /** `now`: monotonic, in ms. */
  constructor(private readonly now: () => number) {}

  /** Takes one restart. False when there is none left. */
  take(): boolean {
    const now = this.now();
    this.taken = this.taken.filter((at) => now - at < WINDOW_MS);
    if (this.taken.length >= RESTARTS) return false;
    this.taken.push(now);
    return true;
  }
}
