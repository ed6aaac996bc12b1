import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterEach, beforeEach, expect } from 'vitest';
import { PracticeHub, type PracticeHubOptions } from '../../main/practice/practice-hub.ts';
import { type AppSpawn, copyApp, type SpawnedApp, spawnApp, startApp } from './app.ts';
import { answerDialogs } from './dialogs.ts';
import { isAlive, processesBelow, processesNaming, sendSignal } from './processes.ts';
import { TestDesktop } from './test-desktop.ts';

/** Settings without a connection: nothing of it comes from the environment, and the app is not set up. */
export const NOT_SET_UP = {
  SEMAPHORE_AGENT_ENDPOINT: '',
  SEMAPHORE_AGENT_TOKEN: '',
  SEMAPHORE_AGENT_NO_HTTPS: '',
  SEMAPHORE_AGENT_NAME: '',
};

/** A shell job of these commands, with what the hub says of it. */
export function shellJob(commands: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  return {
    executor: 'shell',
    env_vars: Object.entries(variables).map(([name, value]) => ({
      name,
      value: Buffer.from(value).toString('base64'),
    })),
    commands: commands.map((directive) => ({ directive })),
  };
}

/**
 * What every test of the app has for itself, for as long as it lasts: a folder, a practice hub, a desktop with a tray host,
 * and the app once the test has started it. Say it once at the top of a file.
 */
export function appJourney(hubOptions: PracticeHubOptions = {}): AppJourney {
  const journey = new AppJourney();
  beforeEach(() => journey.begin({ nextSyncAfter: 200, ...hubOptions }));
  afterEach(() => journey.end());
  return journey;
}

/** See {@link appJourney}. */
export class AppJourney {
  private belongings: { work: string; hub: PracticeHub; desktop: TestDesktop } | undefined;
  private running: ElectronApplication | undefined;
  private readonly spawned: SpawnedApp[] = [];
  /** Where the app is that is started. */
  private folder = '.';
  private before: string | undefined;

  async begin(hubOptions: PracticeHubOptions): Promise<void> {
    const work = mkdtempSync(join(tmpdir(), 'journey-'));
    const hub = await PracticeHub.start(hubOptions);
    this.belongings = { work, hub, desktop: await TestDesktop.start({ trayHost: true }) };
  }

  async end(): Promise<void> {
    // A job may run still, and nobody is there whom the app could ask.
    if (this.running) await answerDialogs(this.running, 'Stop the job and quit').catch(() => undefined);
    await this.closeApp();
    for (const { pid, ended } of this.spawned.splice(0)) {
      if (isAlive(pid)) sendSignal('SIGKILL', pid);
      await ended;
    }
    await this.desktop.stop();
    await this.hub.close();
    // A process that begins as its app ends would make the profile's folder anew.
    await expect.poll(() => processesNaming([`--user-data-dir=${this.work}`]).filter(isAlive)).toEqual([]);
    rmSync(this.work, { recursive: true, force: true, maxRetries: 3 });
    this.belongings = undefined;
    this.folder = '.';
    this.before = undefined;
  }

  get work(): string {
    return this.own.work;
  }

  get hub(): PracticeHub {
    return this.own.hub;
  }

  get desktop(): TestDesktop {
    return this.own.desktop;
  }

  /** The app that was started last. */
  get app(): ElectronApplication {
    if (!this.running) throw new Error('the test has not started the app');
    return this.running;
  }

  /** The running app's main process. */
  get mainPid(): number {
    const { pid } = this.app.process();
    if (pid === undefined) throw new Error('the app does not run');
    return pid;
  }

  /** The agents of the running app: one, or none for a moment. */
  get agentPids(): readonly number[] {
    return processesBelow(this.mainPid, '--utility-sub-type=node.mojom.NodeService');
  }

  /** The agent that registered first, as it told the hub. */
  get registeredPid(): number {
    const call = this.hub.calls.find(({ kind }) => kind === 'register');
    return (JSON.parse(call?.body ?? '{}') as { readonly pid: number }).pid;
  }

  /** Starts the app, with the test's data, connected to its hub; `settings` go over what connects it. */
  async start(
    args: readonly string[] = [],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ElectronApplication> {
    const { folder, before } = this;
    this.running = await startApp(this.desktop, this.hub, this.work, { args, settings, folder, before });
    return this.running;
  }

  /** Starts an app that nobody drives but over its desktop, as often as the test likes. */
  spawn(start: AppSpawn): SpawnedApp {
    const app = spawnApp(this.desktop, this.work, start);
    this.spawned.push(app);
    return app;
  }

  /** From now on a copy of the built app is started, within the test's folder: its path, to change what is in it. */
  copyOfApp(): string {
    this.folder = join(this.work, 'app');
    copyApp(this.folder);
    return this.folder;
  }

  /** From now on this runs in the app's main process before everything else of it. Its path. */
  runBefore(script: string): string {
    this.before = join(this.work, 'before.cjs');
    writeFileSync(this.before, script);
    return this.before;
  }

  /** Starts the app with its window open. */
  async startWithWindow(settings: Readonly<Record<string, string>> = {}): Promise<Page> {
    await this.start(['--show'], settings);
    return this.window();
  }

  /** The app's window, once there is one. */
  async window(): Promise<Page> {
    return this.app.windows()[0] ?? this.app.waitForEvent('window');
  }

  /** Ends the app as the window system does; one that has gone already is no fault. */
  async closeApp(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }

  /** Resolves when the app has ended by itself. How long that may take is its test's to say. */
  async appClosed(): Promise<void> {
    await this.app.waitForEvent('close', { timeout: 0 });
    this.running = undefined;
  }

  /** Takes another hub into the first one's place. */
  async changeHub(hubOptions: PracticeHubOptions): Promise<void> {
    await this.hub.close();
    this.own.hub = await PracticeHub.start(hubOptions);
  }

  /** Takes a desktop that shows no tray into the first one's place. */
  async loseTray(): Promise<void> {
    await this.desktop.stop();
    this.own.desktop = await TestDesktop.start({ trayHost: false });
  }

  /** What the tray says when one points at its icon. */
  async tooltip(): Promise<string> {
    return (await this.desktop.tray()).tooltip;
  }

  /** Resolves when the hub has been told the job's result. */
  reported(id: string): Promise<void> {
    return this.hub.waitFor(() => this.hub.resultOf(id) !== undefined);
  }

  private get own() {
    if (!this.belongings) throw new Error('there is no test under way');
    return this.belongings;
  }
}
