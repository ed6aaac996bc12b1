import { app, dialog } from 'electron';

/**
 * Watches for what nobody has caught in this process, a fault of ours. Electron would show a box with a stack trace and wait for
 * a click. Here the first one is told, and this process goes on: the agent and its job are in another one. What follows the
 * first is mostly its consequence.
 */
export function watchFaults(tell: (reason: string) => void): void {
  let isTold = false;
  const take = (fault: unknown) => {
    const reason = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    console.error(reason);
    if (isTold) return;
    isTold = true;
    tell(reason);
  };
  process.on('uncaughtException', take);
  process.on('unhandledRejection', take);
}

/** The app cannot begin: it says why and goes, so that it never runs without anything to be seen of it. */
export function giveUpStart(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox('Signalbox cannot start', `${reason}\n\nMend that and start it again.`);
  app.exit(1);
}
