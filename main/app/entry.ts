import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, shell } from 'electron';
import type { View } from '../../shared/contract/views.ts';
import { controlPlace } from '../control/control-place.ts';
import { openControl } from '../control/control-server.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { startAtLogin } from './login/start-at-login.ts';
import { startPracticeHub } from './practice/practice-hub-process.ts';
import { takeSettings } from './settings/environment-settings.ts';
import { notThereYetRequests } from './settings/not-there-yet.ts';
import { StatusBoard } from './status/status-board.ts';
import { AgentProcess } from './supervision/agent-process.ts';
import { AgentTray } from './tray/tray.ts';
import { trayFacts } from './tray/tray-facts.ts';
import { hasTrayHost } from './tray/tray-host.ts';
import { openJobPage } from './windows/job-page.ts';
import { MainWindow } from './windows/main-window.ts';
import { registerScheme, servePages } from './windows/pages.ts';
import { askAboutJob, askToStop, askWhereToSave } from './windows/questions.ts';

if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerScheme();
// Who reads our output may go before us.
process.stdout.on('error', () => undefined);
if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

/** How much past jobs may take of the disk. */
const HISTORY_BUDGET_BYTES = 2e9;

async function run(): Promise<void> {
  servePages(join(__dirname, 'renderer'));
  const board = new StatusBoard();
  let tray: AgentTray | undefined;
  const settings = await settingsOfThisStart();
  const diagnostics = new Diagnostics(settings, () => board.snapshot);
  const agent = superviseAgent({ board, settings, diagnostics, onStarted: () => window.renewPorts() });
  const commands = {
    pause: () => agent.pause(),
    resume: () => agent.resume(),
    stopJob: () => agent.stopJob(),
    disconnect: () => void disconnect(board, agent, window),
    dismissNotice: () => board.dismissNotice(),
    openOnSemaphore: () => openJobPage(board.snapshot),
    startPractice: () => undefined,
    leavePractice: () => undefined,
  };
  const window = new MainWindow({
    snapshot: () => board.snapshot,
    hasTray: () => tray !== undefined,
    commands,
    requests: {
      ...notThereYetRequests,
      queue: () => agent.ask('queue', null),
      history: () => agent.ask('history', null),
      deletePastJobs: (jobs) => agent.ask('deletePastJobs', jobs),
      restorePastJobs: (jobs) => agent.ask('restorePastJobs', jobs),
    },
    onPortWanted: (purpose, port) => agent.connect(purpose, port),
    async saveLog({ job, name }) {
      const path = await askWhereToSave(name, window.browserWindow);
      return path === undefined ? '' : agent.saveLog(job, path);
    },
    onCrash: (reason) => diagnostics.crashes.keep('window', reason),
  });
  const openWindow = (view?: View) => window.open(view);
  app.on('second-instance', () => openWindow());
  app.on('activate', () => openWindow());
  // Closing the window is no quitting where the tray is left; the app never runs invisibly.
  app.on('window-all-closed', () => tray ?? app.quit());
  quitWhenDone(agent);
  applyStartAtLogin(settings.SEMAPHORE_AGENT_START_AT_LOGIN);
  board.onDidChange((snapshot) => window.show(snapshot));
  const control = openControl(
    controlPlace(process.env),
    {
      ...commands,
      snapshot: () => board.snapshot,
      disconnect: (job) => agent.disconnect(job),
      lines: diagnostics.lines,
    },
    console.error,
  );
  board.onDidChange((snapshot) => control.changed(snapshot));
  app.once('will-quit', () => control.close());
  if (settings.SEMAPHORE_AGENT_ENDPOINT || settings.SEMAPHORE_AGENT_CONFIG_FILE) agent.start();
  if (await hasTrayHost()) {
    const icon = new AgentTray(trayFacts(board.snapshot, settings), {
      ...commands,
      stopJob: () => void stopJob(board, agent, window),
      keepAwake: () => undefined,
      copyReport: () => void diagnostics.copyReport(),
      openAgentLog: () => void shell.openPath(settings.SEMAPHORE_AGENT_LOG_FILE_PATH ?? ''),
      openWindow,
      quit: () => app.quit(),
    });
    board.onDidChange((snapshot) => icon.show(trayFacts(snapshot, settings)));
    tray = icon;
  } else openWindow();
  if (process.argv.includes('--show') || isPractice()) openWindow();
}

function superviseAgent({
  board,
  settings,
  diagnostics,
  onStarted,
}: {
  readonly board: StatusBoard;
  readonly settings: Record<string, string>;
  readonly diagnostics: Diagnostics;
  readonly onStarted: () => void;
}): AgentProcess {
  return new AgentProcess({
    settings,
    lines: diagnostics.lines,
    history: { folder: join(app.getPath('userData'), 'history'), budgetBytes: HISTORY_BUDGET_BYTES },
    onSnapshot: (snapshot) => board.take(snapshot),
    onStarted,
    onCrash: (isStartedAgain) => {
      const { status } = board.snapshot;
      const lost = 'job' in status && status.job ? `; “${status.job.name}” is reported as failed` : '';
      if (isStartedAgain) board.setNotice(`The agent crashed and was started again${lost}`);
    },
    onCrashCause: (reason) => diagnostics.crashes.keep('agent', reason),
    onGivenUp: (cause, problem) => board.setStatus({ state: 'needs-attention', cause, problem }),
  });
}

/** A click beside the item that was meant must not end a job. */
async function stopJob({ snapshot }: StatusBoard, agent: AgentProcess, window: MainWindow): Promise<void> {
  const { status } = snapshot;
  if ('job' in status && status.job && (await askToStop(status.job.name, window.browserWindow))) agent.stopJob();
}

/** While a job runs its owner says what becomes of it. */
async function disconnect({ snapshot }: StatusBoard, agent: AgentProcess, window: MainWindow): Promise<void> {
  const { status } = snapshot;
  if (!('job' in status) || !status.job) return agent.disconnect('finish');
  const answer = await askAboutJob(status.job.name, window.browserWindow);
  if (answer) agent.disconnect(answer);
}

/** Quitting waits until the agent has stopped its job, reported it and disconnected. */
function quitWhenDone(agent: AgentProcess): void {
  let done = false;
  app.on('before-quit', (event) => {
    if (done) return;
    event.preventDefault();
    void agent.shutDown().then(() => {
      done = true;
      app.quit();
    });
  });
}

/** Without a wish it stays as it is. */
function applyStartAtLogin(wish: string | undefined): void {
  if (wish === undefined) return;
  try {
    startAtLogin(/^(1|t|true)$/i.test(wish));
  } catch (error) {
    console.error(`Start at login cannot be set (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

/** In the desktop the agent's own log is in the profile. */
async function settingsOfThisStart(): Promise<Record<string, string>> {
  const logs = join(app.getPath('userData'), 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const settings = { SEMAPHORE_AGENT_LOG_FILE_PATH: join(logs, 'agent_log'), ...takeSettings() };
  return isPractice() ? { ...settings, ...(await practiceSettings()) } : settings;
}

function isPractice(): boolean {
  return process.argv.includes('--practice');
}

async function practiceSettings(): Promise<Record<string, string>> {
  const hub = await startPracticeHub();
  app.once('will-quit', hub.stop);
  return {
    SEMAPHORE_AGENT_ENDPOINT: hub.endpoint,
    SEMAPHORE_AGENT_TOKEN: hub.token,
    SEMAPHORE_AGENT_NO_HTTPS: 'true',
    SEMAPHORE_AGENT_NAME: 'practice-agent',
  };
}
