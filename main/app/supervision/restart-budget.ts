/** So many restarts within the window, in ms; it refills as the oldest ones leave it. */
const RESTARTS = 3;
const WINDOW_MS = 10 * 60_000;

/** The restarts that count from now on, this one included; undefined where none is left. `at`: monotonic ms. */
export function takeRestart(restarts: readonly number[], at: number): readonly number[] | undefined {
  const recent = restarts.filter((restart) => at - restart < WINDOW_MS);
  return recent.length < RESTARTS ? [...recent, at] : undefined;
}
