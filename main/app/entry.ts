import { join } from 'node:path';
import { app } from 'electron';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { AgentProcess } from './supervision/agent-process.ts';
import { AgentTray } from './tray/tray.ts';
import { hasTrayHost } from './tray/tray-host.ts';
import { MainWindow } from './windows/main-window.ts';
import { registerScheme, servePages } from './windows/pages.ts';

/** Variables of the agent's settings: taken out of the environment, so that no other process inherits the token. */
const SETTINGS_PREFIX = 'SEMAPHORE_AGENT_';

if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerScheme();
if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

async function run(): Promise<void> {
  servePages(join(__dirname, 'renderer'));
  let snapshot: AgentSnapshot = { version: 0, agentName: '', endpoint: '', status: { state: 'not-configured' } };
  let tray: AgentTray | undefined;
  const show = (next: AgentSnapshot) => {
    snapshot = next;
    tray?.show(next);
    window.show(next);
  };
  const agent = new AgentProcess({
    settings: takeSettings(),
    onSnapshot: show,
    onTrouble: (problem) => show({ ...snapshot, status: { state: 'needs-attention', problem } }),
  });
  const commands = {
    pause: () => agent.pause(),
    resume: () => agent.resume(),
    stopJob: () => agent.stopJob(),
    disconnect: () => agent.disconnect(),
  };
  const window = new MainWindow({ snapshot: () => snapshot, commands });
  const openWindow = () => window.open();
  app.on('second-instance', openWindow);
  app.on('activate', openWindow);
  // The tray is what keeps the app alive: closing the window is no quitting.
  app.on('window-all-closed', () => undefined);
  quitWhenDone(agent);
  if (await hasTrayHost()) tray = new AgentTray(snapshot, { ...commands, openWindow, quit: () => app.quit() });
  else openWindow();
  if (process.argv.includes('--show')) openWindow();
  await agent.start();
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

function takeSettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => name.startsWith(SETTINGS_PREFIX));
  const settings = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
  for (const name of names) delete process.env[name];
  return settings;
}
