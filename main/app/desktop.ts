import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { variableName } from '../../shared/options/option.ts';
import { Checks } from './diagnostics/checks.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { FirstRunDesk } from './first-run/first-run-desk.ts';
import { startAtLogin } from './login/start-at-login.ts';
import { KeepAwake } from './power/keep-awake.ts';
import { DesktopAgent } from './presence/desktop-agent.ts';
import { Quit } from './presence/quit.ts';
import type { SecretStore } from './secrets/secret-store.ts';
import { HookDesk } from './settings/hook-desk.ts';
import { HookUses } from './settings/hook-uses.ts';
import { SettingsDesk } from './settings/settings-desk.ts';
import type { SettingsStore } from './settings/settings-store.ts';
import { jobOf, StatusBoard } from './status/status-board.ts';
import { runErrand } from './supervision/agent-errand.ts';
import { openJobPage } from './windows/job-page.ts';
import { LogLinks } from './windows/log-links.ts';
import { MainWindow } from './windows/main-window.ts';
import { askAboutChecks, askAboutJob, askToStop, askWhereToSave } from './windows/questions.ts';

export interface DesktopOptions {
  /** The app's folder in the user's profile. */
  readonly profile: string;
  readonly secrets: SecretStore;
  readonly store: SettingsStore;
  /** Variables that hold settings. */
  readonly env: Readonly<Record<string, string>>;
  readonly hasTray: () => boolean;
}

/** The app's parts and how they know each other. What starts when is the entry's. */
export class Desktop {
  readonly board = new StatusBoard();
  readonly diagnostics: Diagnostics;
  readonly checks: Checks;
  readonly agent: DesktopAgent;
  readonly desk: SettingsDesk;
  readonly window: MainWindow;
  /** Links to logs, from outside. */
  readonly links: LogLinks;
  private readonly awake: KeepAwake;
  private readonly hooks: HookDesk;
  private readonly firstRun: FirstRunDesk;
  private readonly quit: Quit;
  private readonly parent = (): BrowserWindow | undefined => this.window.browserWindow;

  constructor(private readonly options: DesktopOptions) {
    this.diagnostics = this.createDiagnostics();
    this.agent = this.createAgent();
    this.checks = this.createChecks();
    this.awake = this.createKeepAwake();
    this.desk = this.createSettingsDesk();
    this.hooks = this.createHookDesk();
    this.firstRun = this.createFirstRunDesk();
    this.quit = this.createQuit();
    this.window = this.createWindow();
    this.links = this.createLinks();
    this.board.onDidChange((snapshot) => this.window.show(snapshot));
    this.desk.onDidChange((settings) => this.window.showSettings(settings));
    this.board.onDidChange((snapshot) => this.showJob(snapshot));
    if (options.env[variableName('start-at-login')]) this.applyStartAtLogin();
    if (options.store.notice) this.board.setNotice(options.store.notice);
  }

  /** What tray, window and control socket let people do. */
  get commands() {
    const { agent, board } = this;
    return {
      pause: agent.keeper.pause.bind(agent.keeper),
      resume: () => agent.keeper.resume(),
      stopJob: () => agent.process.stopJob(),
      disconnect: () => void this.disconnect(),
      dismissNotice: () => board.dismissNotice(),
      openOnSemaphore: () => openJobPage(board.snapshot),
      startPractice: () => void agent.startPractice(),
      leavePractice: () => agent.leavePractice(),
    };
  }

  /** A click beside the item that was meant must not end a job. */
  readonly stopJob = async (): Promise<void> => {
    const job = jobOf(this.board.snapshot);
    if (job && (await askToStop(job.name, this.parent))) this.agent.process.stopJob();
  };

  /** Something that nobody caught has gone wrong in this process. */
  failed(reason: string): void {
    this.diagnostics.crashes.keep('main', reason);
    this.board.setNotice('Something went wrong in the app itself: start it again if it does not do what you want');
  }

  private showJob(snapshot: AgentSnapshot): void {
    const job = jobOf(snapshot);
    this.awake.show(job !== undefined);
    // A practice hub's jobs run without hooks.
    if (!snapshot.practice) this.hooks.showJob(job?.id);
    if (!job) this.quit.jobEnded();
  }

  /** While a job runs its owner says what becomes of it. */
  private async disconnect(): Promise<void> {
    const job = jobOf(this.board.snapshot);
    const answer = job ? await askAboutJob(job.name, this.parent) : 'finish';
    if (answer) this.agent.keeper.disconnect(answer);
  }

  /** Only where somebody wished something: else it stays as it is. */
  private applyStartAtLogin(): void {
    try {
      startAtLogin(this.agent.option('start-at-login', false));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      this.board.setNotice(`Start at login cannot be set (${code})`);
    }
  }

  private createDiagnostics(): Diagnostics {
    const { env, store } = this.options;
    return new Diagnostics({
      snapshot: () => this.agent.snapshot(),
      origins: () => this.desk.origins(),
      secrets: () => [env.SEMAPHORE_AGENT_TOKEN ?? '', String(store.values.token ?? '')],
    });
  }

  private createAgent(): DesktopAgent {
    return new DesktopAgent({
      ...this.options,
      board: this.board,
      lines: this.diagnostics.lines,
      hide: this.diagnostics.hide,
      onStarted: () => {
        this.window.renewPorts();
        void this.links.agentStarted();
        void this.desk.refresh();
      },
      onCrashCause: (reason) => this.diagnostics.crashes.keep('agent', reason),
      onLeft: () => void this.quit.leave(),
    });
  }

  private createChecks(): Checks {
    return new Checks({
      examine: () => runErrand('examine', this.agent.settings()),
      show: (outcome) => askAboutChecks(outcome, this.parent),
      diagnostics: this.diagnostics,
    });
  }

  private createKeepAwake(): KeepAwake {
    return new KeepAwake(() => ({
      wanted: this.agent.option('keep-awake', true),
      batteryLevel: this.agent.option('keep-awake-battery-level', 20),
    }));
  }

  private createSettingsDesk(): SettingsDesk {
    const { store, env, secrets } = this.options;
    return new SettingsDesk({
      store,
      env,
      parent: this.parent,
      secretStore: secrets.kind,
      appliesAfterJob: () => this.agent.keeper.isRestarting,
      onSaved: (changed) => {
        this.agent.apply(changed);
        if (changed.some(({ name }) => name === 'start-at-login')) this.applyStartAtLogin();
        this.awake.look();
      },
    });
  }

  private createHookDesk(): HookDesk {
    const inForce = () => this.desk.inForce();
    return new HookDesk({
      inForce,
      uses: new HookUses({ file: join(this.options.profile, 'hook-uses.json'), inForce }),
      parent: this.parent,
      run: (hook, how) => runErrand('testHook', hook, how),
      onOutput: (output) => this.window.showHookOutput(output),
    });
  }

  private createFirstRunDesk(): FirstRunDesk {
    const { board, desk, agent } = this;
    return new FirstRunDesk({
      isNeeded: () => board.snapshot.status.state === 'not-configured' || board.snapshot.practice === true,
      secretStore: this.options.secrets.kind,
      inForce: () => desk.inForce(),
      save: async (changes) => {
        const outcome = await desk.save(changes);
        if (outcome.outcome === 'saved') agent.leavePractice();
        return outcome;
      },
      testConnection: (connection) => runErrand('testConnection', connection),
    });
  }

  private createQuit(): Quit {
    return new Quit({
      runningJob: () => jobOf(this.board.snapshot)?.name,
      parent: this.parent,
      finishFirst: () => this.agent.keeper.quitAfterJob(),
      isFinishing: () => this.agent.keeper.isQuitting,
      shutDown: async () => {
        await Promise.all([this.agent.shutDown(), this.hooks.stopTests()]);
      },
      hasten: () => this.agent.process.hasten(),
    });
  }

  private createLinks(): LogLinks {
    return new LogLinks({
      history: () => this.agent.process.ask('history', null),
      show: (destination) => this.window.open(destination),
      now: () => performance.now(),
    });
  }

  private createWindow(): MainWindow {
    const { board, agent, desk, hooks, firstRun, diagnostics, options } = this;
    return new MainWindow({
      snapshot: () => board.snapshot,
      hasTray: options.hasTray,
      commands: { ...this.commands, stopHookTest: ({ name }) => void hooks.stopTests(name) },
      requests: {
        ...desk.requests,
        ...hooks.requests,
        ...firstRun.requests,
        checkCluster: () => runErrand('examine', { ...agent.settings(), only: 'kubernetes' }),
        queue: () => agent.process.ask('queue', null),
        history: () => agent.process.ask('history', null),
        deletePastJobs: (jobs) => agent.process.ask('deletePastJobs', jobs),
        restorePastJobs: (jobs) => agent.process.ask('restorePastJobs', jobs),
      },
      onShown: (isShown) => agent.process.watch(isShown),
      onPortWanted: (purpose, port) => agent.process.connect(purpose, port),
      saveLog: async ({ job, name }) => {
        const path = await askWhereToSave(name, this.parent);
        return path === undefined ? '' : agent.process.saveLog(job, path);
      },
      onCrash: (reason) => diagnostics.crashes.keep('window', reason),
    });
  }
}
