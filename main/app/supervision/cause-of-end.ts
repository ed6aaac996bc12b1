import { app } from 'electron';

/** How much later than the end of a process the system's word for it may come, in ms. */
const LIMIT_MS = 1_000;

/**
 * Why a utility process of this name has just ended, as `killed (9)`: its exit code tells nothing dependable, what Electron says
 * behind it does.
 */
export function causeOfEnd(serviceName: string): Promise<string> {
  return new Promise((resolve) => {
    const finish = (reason: string) => {
      clearTimeout(limit);
      app.off('child-process-gone', look);
      resolve(reason);
    };
    const look = (_event: Electron.Event, details: Electron.Details) => {
      if (details.name === serviceName) finish(`${details.reason} (${details.exitCode})`);
    };
    const limit = setTimeout(() => finish('it ended by itself'), LIMIT_MS);
    app.on('child-process-gone', look);
  });
}
