import type { ElectronApplication } from 'playwright';

/** A dialog of the main process cannot be clicked by a test: from now on each gets this answer at once. */
export async function answerDialogs(running: ElectronApplication, label: string): Promise<void> {
  await running.evaluate(({ dialog }, wanted) => {
    dialog.showMessageBox = async (...args: unknown[]) => {
      const { buttons } = args.at(-1) as { buttons: string[] };
      return { response: buttons.indexOf(wanted), checkboxChecked: false };
    };
  }, label);
}
