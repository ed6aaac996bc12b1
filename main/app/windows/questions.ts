import { type BrowserWindow, dialog, type FileFilter, type MessageBoxOptions } from 'electron';
import type { ChecksText } from '../diagnostics/checks-text.ts';

/** Which window a question belongs to, at the moment when it is asked. */
export type ParentWindow = () => BrowserWindow | undefined;

/** Where a log is to be saved. Undefined: nowhere after all. */
export async function askWhereToSave(name: string, parent: ParentWindow): Promise<string | undefined> {
  const fileName = `${name.replace(/[^\p{L}\p{N} ._-]/gu, '-') || 'job'}.log`;
  return askForPlace('Save log', fileName, parent, [{ name: 'Text', extensions: ['log', 'txt'] }]);
}

/** What becomes of a running job when the agent is to disconnect. Undefined: nothing is to be done after all. */
export async function askAboutJob(jobName: string, parent: ParentWindow): Promise<'finish' | 'stop' | undefined> {
  return ask(parent, ['finish', 'stop', undefined], {
    message: `“${jobName}” is running`,
    detail: 'Disconnect when it has ended, or stop it now? A job that is stopped is reported as stopped.',
    buttons: ['Disconnect after the job', 'Stop the job now', 'Cancel'],
  });
}

/** What becomes of a running job when the app is quit. Undefined: it stays. */
export async function askAboutQuit(jobName: string, parent: ParentWindow): Promise<'finish' | 'stop' | undefined> {
  return ask(parent, ['finish', 'stop', undefined], {
    message: `“${jobName}” is running`,
    detail: 'Signalbox can quit when it has ended, or stop it now. To quit once more while it waits stops the job.',
    buttons: ['Finish the job and quit', 'Stop the job and quit', 'Cancel'],
  });
}

/** Whether a running job is to be stopped after all. */
export async function askToStop(jobName: string, parent: ParentWindow): Promise<boolean> {
  return ask(parent, [true, false], {
    message: `Stop “${jobName}”?`,
    detail: 'What it started is ended, and it is reported as stopped.',
    buttons: ['Stop the job', 'Cancel'],
    defaultId: 1,
  });
}

/** Shows what checks found. Whether it is to be copied. */
export async function askAboutChecks({ isFine, message, detail }: ChecksText, parent: ParentWindow): Promise<boolean> {
  return ask(parent, [true, false], {
    type: isFine ? 'info' : 'warning',
    message,
    detail,
    buttons: ['Copy', 'Close'],
    defaultId: 1,
  });
}

/** Whether a change of what code runs on this machine is meant. */
export async function confirmCode(lines: readonly string[], parent: ParentWindow): Promise<boolean> {
  return ask(parent, [true, false], {
    type: 'warning',
    message: 'This changes what runs on this computer',
    detail: `${lines.join('\n')}\n\nSave it only if it was you who wanted that.`,
    buttons: ['Save', 'Cancel'],
    defaultId: 1,
  });
}

/** Whether a file with the registration token in it is meant. */
export async function confirmTokenExport(parent: ParentWindow): Promise<boolean> {
  return ask(parent, [true, false], {
    type: 'warning',
    message: 'The file will hold your registration token',
    detail: 'Whoever has it can connect agents to your organisation, and their jobs see its secrets.',
    buttons: ['Export with the token', 'Cancel'],
    defaultId: 1,
  });
}

/** The path of a file that is there; undefined where it was cancelled. */
export async function askForFile(title: string, parent: ParentWindow): Promise<string | undefined> {
  const window = parent();
  const options = { title, properties: ['openFile' as const, 'showHiddenFiles' as const] };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? undefined : filePaths[0];
}

/** Where a file is to be put; undefined where it was cancelled. */
export async function askForPlace(
  title: string,
  fileName: string,
  parent: ParentWindow,
  filters: FileFilter[] = [],
): Promise<string | undefined> {
  const window = parent();
  const options = { title, defaultPath: fileName, filters };
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  return canceled ? undefined : filePath || undefined;
}

/** The last of the buttons, and of the answers, is what closing the question means. */
async function ask<T>(parent: ParentWindow, answers: readonly T[], options: MessageBoxOptions): Promise<T> {
  const window = parent();
  const last = answers.length - 1;
  const question = { type: 'question' as const, defaultId: 0, ...options, cancelId: last, noLink: true };
  const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question));
  return (answers[response] ?? answers[last]) as T;
}
