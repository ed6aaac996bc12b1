import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, shell } from 'electron';
import { controlPlace } from '../control/control-place.ts';
import { openControl } from '../control/control-server.ts';
import { Desktop } from './desktop.ts';
import { profileProblem } from './profile.ts';
import { openSecretStore } from './secrets/secret-store.ts';
import { takeSettings } from './settings/environment-settings.ts';
import { SettingsStore } from './settings/settings-store.ts';
import { giveUpStart, watchFaults } from './supervision/faults.ts';
import { AgentTray } from './tray/tray.ts';
import { trayFacts } from './tray/tray-facts.ts';
import { hasTrayHost } from './tray/tray-host.ts';
import { linkIn } from './windows/log-links.ts';
import { registerScheme, servePages } from './windows/pages.ts';
import { registerLinks } from './windows/register-links.ts';

if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerScheme();
// Who reads our output may go before us.
process.stdout.on('error', () => undefined);
const running = begin();
// On macOS links come this way, the one that starts the app before anything else is there.
app.on('open-url', (event, url) => {
  event.preventDefault();
  void running.then(({ links }) => links.open(url));
});
// A second start may come before this one is through with its own.
app.on('second-instance', (_event, argv) => void running.then((desktop) => show(desktop, linkIn(argv))));
running.catch(giveUpStart);

/** Never resolves where another app of this profile runs: it has been told, and this one goes. */
async function begin(): Promise<Desktop> {
  if (app.requestSingleInstanceLock()) return app.whenReady().then(run);
  // It is refused as well where it cannot be written.
  const problem = profileProblem(app.getPath('userData'));
  if (problem === undefined) {
    app.quit();
    return new Promise(() => undefined);
  }
  await app.whenReady();
  throw new Error(problem);
}

/** Shows the window, with the place in a log where a link leads there. */
function show({ links, window }: Desktop, link: string | undefined): void {
  if (link === undefined) window.open();
  else void links.open(link);
}

/** Resolves when all that is wanted at the start is there. */
async function run(): Promise<Desktop> {
  servePages(join(__dirname, 'renderer'));
  const profile = app.getPath('userData');
  mkdirSync(join(profile, 'logs'), { recursive: true, mode: 0o700 });
  const env = takeSettings();
  const secrets = await openSecretStore();
  const store = await SettingsStore.open({ path: join(profile, 'settings.json'), secrets, now: () => new Date() });
  let tray: AgentTray | undefined;
  const desktop = new Desktop({ profile, secrets, store, env, hasTray: () => tray !== undefined });
  const { agent, window } = desktop;
  watchFaults((reason) => desktop.failed(reason));
  const openWindow = () => window.open();
  app.on('activate', () => openWindow());
  // Closing the window is no quitting where the tray is left; the app never runs invisibly.
  app.on('window-all-closed', () => tray ?? app.quit());
  openToPrograms(desktop);
  const isPractice = process.argv.includes('--practice');
  if (isPractice) await agent.startPractice();
  else agent.start();
  if (await hasTrayHost()) tray = createTray(desktop, profile);
  else openWindow();
  const isWanted = !agent.isConfigured && !process.argv.includes('--hidden');
  if (process.argv.includes('--show') || isPractice || isWanted) openWindow();
  registerLinks();
  const link = linkIn(process.argv);
  if (link !== undefined) void desktop.links.open(link);
  return desktop;
}

function createTray(
  { board, desk, diagnostics, checks, window, commands, stopJob }: Desktop,
  profile: string,
): AgentTray {
  let inForce: ReadonlyMap<string, unknown> = new Map();
  const facts = () => trayFacts(board.snapshot, inForce, checks.areUnderWay);
  const show = () => tray.show(facts());
  const tray = new AgentTray(facts(), {
    ...commands,
    stopJob: () => void stopJob(),
    keepAwake: (on) => void desk.save({ 'keep-awake': on }),
    copyReport: () => void diagnostics.copyReport(),
    runChecks: () => {
      void checks.run().then(show);
      show();
    },
    openAgentLog: () => void shell.openPath(join(profile, 'logs', 'agent_log')),
    openWindow: (view) => window.open(view && { view }),
    openHooks: () => window.open({ view: 'settings', settings: 'hooks' }),
    quit: () => app.quit(),
  });
  board.onDidChange(show);
  desk.onDidChange(async () => {
    inForce = await desk.inForce();
    show();
  });
  return tray;
}

/** `signalbox status` and the like reach the app as they reach a headless agent. */
function openToPrograms({ board, agent, commands, diagnostics }: Desktop): void {
  const disconnect = (job: 'finish' | 'stop') => agent.keeper.disconnect(job);
  const controlled = { ...commands, snapshot: () => agent.snapshot(), disconnect, lines: diagnostics.lines };
  const control = openControl(controlPlace(process.env), controlled, console.error);
  board.onDidChange((snapshot) => control.changed(snapshot));
  app.once('will-quit', () => control.close());
}
