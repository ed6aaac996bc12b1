import { type BrowserWindow, dialog } from 'electron';

/** Where a log is to be saved. Undefined: nowhere after all. */
export async function askWhereToSave(name: string, parent: BrowserWindow | undefined): Promise<string | undefined> {
  const question = {
    title: 'Save log',
    defaultPath: `${name.replace(/[^\p{L}\p{N} ._-]/gu, '-') || 'job'}.log`,
    filters: [{ name: 'Text', extensions: ['log', 'txt'] }],
  };
  const { canceled, filePath } = await (parent
    ? dialog.showSaveDialog(parent, question)
    : dialog.showSaveDialog(question));
  return canceled || !filePath ? undefined : filePath;
}

/** What becomes of a running job when the agent is to disconnect. Undefined: nothing is to be done after all. */
export async function askAboutJob(
  jobName: string,
  parent: BrowserWindow | undefined,
): Promise<'finish' | 'stop' | undefined> {
  const question = {
    type: 'question' as const,
    message: `“${jobName}” is running`,
    detail: 'Disconnect when it has ended, or stop it now? A job that is stopped is reported as stopped.',
    buttons: ['Disconnect after the job', 'Stop the job now', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  };
  const { response } = await (parent ? dialog.showMessageBox(parent, question) : dialog.showMessageBox(question));
  return (['finish', 'stop', undefined] as const)[response];
}

/** Whether a running job is to be stopped after all. */
export async function askToStop(jobName: string, parent: BrowserWindow | undefined): Promise<boolean> {
  const question = {
    type: 'question' as const,
    message: `Stop “${jobName}”?`,
    detail: 'What it started is ended, and it is reported as stopped.',
    buttons: ['Stop the job', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  };
  const { response } = await (parent ? dialog.showMessageBox(parent, question) : dialog.showMessageBox(question));
  return response === 0;
}
