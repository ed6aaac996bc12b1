/** Figures for whoever watches agents. Sending one costs nothing worth a thought, and never fails. Tags: three at most. */
export interface Metrics {
  /** One more of it. */
  count(name: string, tags?: readonly string[]): void;
  /** How much of it there is now. */
  gauge(name: string, value: number, tags?: readonly string[]): void;
  /** How long something took, in ms. */
  timing(name: string, ms: number, tags?: readonly string[]): void;
  close(): void;
}

/** Where nobody watches. */
export const NO_METRICS: Metrics = {
  count: () => undefined,
  gauge: () => undefined,
  timing: () => undefined,
  close: () => undefined,
};
