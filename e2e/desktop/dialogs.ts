import type { ElectronApplication } from 'playwright';
import { expect } from 'vitest';

interface ShownDialog {
  readonly message: string;
  readonly detail: string;
}
/** In the process of the app. */
type WithDialogs = typeof globalThis & { shownDialogs?: ShownDialog[] };

/** A dialog of the main process cannot be clicked by a test: from now on each gets this answer at once. */
export async function answerDialogs(running: ElectronApplication, label: string): Promise<void> {
  await running.evaluate(({ dialog }, wanted) => {
    const shown: ShownDialog[] = [];
    (globalThis as WithDialogs).shownDialogs = shown;
    dialog.showMessageBox = async (...args: unknown[]) => {
      const { buttons, message, detail } = args.at(-1) as ShownDialog & { buttons: string[] };
      shown.push({ message, detail });
      return { response: buttons.indexOf(wanted), checkboxChecked: false };
    };
  }, label);
}

/** What the dialogs said since `answerDialogs`. */
export function shownDialogs(running: ElectronApplication): Promise<readonly ShownDialog[]> {
  return running.evaluate(() => (globalThis as WithDialogs).shownDialogs ?? []);
}

/** Resolves when a dialog was answered since `answerDialogs`: only then may there be another answer for the next one. */
export async function dialogAnswered(running: ElectronApplication): Promise<void> {
  await expect.poll(() => shownDialogs(running)).not.toEqual([]);
}

/** From now on whoever is asked for a file, to open or to save, gives this one; undefined: thinks better of it. */
export async function chooseFile(running: ElectronApplication, path: string | undefined): Promise<void> {
  await running.evaluate(({ dialog }, chosen) => {
    const canceled = chosen === null;
    dialog.showOpenDialog = async () => ({ canceled, filePaths: canceled ? [] : [chosen] });
    dialog.showSaveDialog = async () => ({ canceled, filePath: chosen ?? '' });
  }, path ?? null);
}
