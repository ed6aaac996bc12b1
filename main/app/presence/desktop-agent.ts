import { join } from 'node:path';
import type { AgentSnapshot, AgentStatus } from '../../../shared/agent-snapshot.ts';
import type { AgentSettings, AgentStart, Rest } from '../../../shared/contract/main-agent.ts';
import type { appOptions, powerOptions } from '../../../shared/options/app.ts';
import { DESKTOP_DEFAULTS } from '../../../shared/options/desktop-defaults.ts';
import { optionsOf } from '../../../shared/options/index.ts';
import { type OptionRow, variableName } from '../../../shared/options/option.ts';
import { parseText } from '../../agent/config/value.ts';
import type { RecentLines } from '../../control/recent-lines.ts';
import { Practice } from '../practice/practice.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { SessionFile } from '../secrets/session-file.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { StatusBoard } from '../status/status-board.ts';
import { AgentProcess } from '../supervision/agent-process.ts';
import { PresenceKeeper } from './presence-keeper.ts';

/** How much past jobs may take of the disk. */
const HISTORY_BUDGET_MB = 2_000;

/** What is shown of an agent that begins, by where it begins. */
const ON_THE_WAY: Readonly<Record<Rest, AgentStatus>> = {
  connected: { state: 'connecting', attempt: 0, problem: '', nextTryAt: 0 },
  paused: { state: 'paused' },
  disconnected: { state: 'stopped', reason: 'DISCONNECTED' },
};

type AppOptionName = (typeof powerOptions)[number]['name'] | (typeof appOptions)[number]['name'];

export interface DesktopAgentOptions {
  readonly board: StatusBoard;
  readonly store: SettingsStore;
  readonly secrets: SecretStore;
  /** Variables that hold settings: they go over what is saved. */
  readonly env: Readonly<Record<string, string>>;
  /** The app's folder in the user's profile. */
  readonly profile: string;
  readonly lines: RecentLines;
  /** Takes out of a text what only its owner may see: an agent's last words may hold anything. */
  readonly hide: (text: string) => string;
  /** A new agent listens: windows need new ports to it. */
  readonly onStarted: () => void;
  readonly onCrashCause: (reason: string) => void;
  /** The agent has left behind its job, because the app is to quit. */
  readonly onLeft: () => void;
}

/** The agent of this desktop: its process, whether it is to be there, and with what it begins. */
export class DesktopAgent {
  readonly process: AgentProcess;
  readonly keeper: PresenceKeeper;
  private readonly practice = new Practice();
  private readonly session: SessionFile;

  constructor(private readonly options: DesktopAgentOptions) {
    const { board, lines, profile, secrets, onCrashCause, onLeft } = options;
    this.session = new SessionFile(join(profile, 'session.json'), secrets);
    this.process = new AgentProcess({
      settings: () => this.atStart(),
      keepSession: (session) => this.session.keep(session),
      lines,
      onSnapshot: (snapshot) => {
        board.take(snapshot);
        this.keeper.seen(snapshot);
      },
      onStarted: () => {
        this.keeper.started();
        options.onStarted();
      },
      onCrash: (isStartedAgain) => {
        const { status } = board.snapshot;
        const lost = 'job' in status && status.job ? `; “${status.job.name}” is reported as failed` : '';
        if (isStartedAgain) board.setNotice(`The agent crashed and was started again${lost}`);
      },
      onCrashCause,
      onGivenUp: (cause, problem) =>
        board.setStatus({ state: 'needs-attention', cause, problem: options.hide(problem) }),
    });
    this.keeper = new PresenceKeeper({
      agent: this.process,
      path: join(profile, 'presence.json'),
      rules: () => ({
        pauseOnBattery: this.option('pause-on-battery', false),
        quietHours: this.option('quiet-hours', ''),
      }),
      onChange: ({ pause, afterJob }) => board.setFacts({ pause, afterJob }),
      onRestart: () => void this.renew(),
      onLeave: onLeft,
      onProblem: (problem) => board.setNotice(problem),
    });
  }

  /** Somebody has set this machine up, or tries it out. */
  get isConfigured(): boolean {
    const { env, store } = this.options;
    return (
      this.practice.isWanted ||
      Boolean(env.SEMAPHORE_AGENT_ENDPOINT || env.SEMAPHORE_AGENT_CONFIG_FILE || store.values.endpoint)
    );
  }

  /** Begins where something is set up, and looks after pauses. */
  start(): void {
    void this.keeper.look();
    if (this.isConfigured) this.begin();
  }

  /** These settings have changed, and are on the disk. */
  apply(changed: readonly OptionRow[]): void {
    void this.keeper.look();
    if (this.practice.isWanted || !this.isConfigured) return;
    if (changed.some(({ registers }) => registers) || !this.process.isRunning) this.keeper.renew();
    else void this.configure();
  }

  async startPractice(): Promise<void> {
    if (this.practice.isWanted) return;
    try {
      await this.practice.begin();
    } catch {
      this.options.board.setNotice('The practice hub could not be started; try it once more');
      return;
    }
    this.options.board.setFacts({ practice: true });
    this.keeper.renew();
  }

  leavePractice(): void {
    if (!this.practice.isWanted) return;
    this.practice.leave();
    this.keeper.renew();
  }

  /** What is known of it, as it is now: the times of syncs are asked for, as nobody is told of them who does not look. */
  async snapshot(): Promise<AgentSnapshot> {
    const { board } = this.options;
    const newest = await this.process.snapshot();
    if (newest) board.take(newest);
    return board.snapshot;
  }

  /** Stops the job with grace, reports it and disconnects. */
  async shutDown(): Promise<void> {
    await this.process.shutDown();
    this.practice.leave();
    this.practice.end();
  }

  /** A value of an option of the app's own; what makes no sense is as if it were not there. */
  option<T extends string | number | boolean>(name: AppOptionName, otherwise: T): T {
    const row = optionsOf('app').find((candidate) => candidate.name === name);
    const variable = this.options.env[variableName(name)];
    const given = row && variable ? parseText(row, variable, 'variable') : undefined;
    const value = given?.ok ? given.value : this.options.store.values[name];
    return typeof value === typeof otherwise ? (value as T) : otherwise;
  }

  /** Another process takes the place of the one that has left, or none where nothing is set up any more. */
  private async renew(): Promise<void> {
    await this.process.end();
    this.practice.end();
    this.options.board.setFacts({ practice: this.practice.isWanted || undefined });
    if (this.isConfigured) this.begin();
    else this.options.board.setStatus({ state: 'not-configured' });
  }

  /** Until the process tells something itself, it is on its way. */
  private begin(): void {
    this.options.board.setStatus(ON_THE_WAY[this.rest]);
    this.process.start();
  }

  private async configure(): Promise<void> {
    const problem = await this.process.configure(this.settings());
    if (problem !== '') this.options.board.setNotice(`The settings do not apply: ${problem}`);
  }

  private async atStart(): Promise<AgentStart> {
    const budgetBytes = this.option('history-budget', HISTORY_BUDGET_MB) * 1e6;
    const history = { folder: join(this.options.profile, 'history'), budgetBytes };
    return { ...this.settings(), session: await this.session.read(), rest: this.rest, history };
  }

  private get rest(): Rest {
    return this.practice.isWanted ? 'connected' : this.keeper.rest;
  }

  /** What the agent gets: variables, the app's defaults and what is saved. Holds the registration token. */
  settings(): AgentSettings {
    const { env, store, profile } = this.options;
    const base = { SEMAPHORE_AGENT_LOG_FILE_PATH: join(profile, 'logs', 'agent_log') };
    if (this.practice.isWanted) return this.practice.settings(base);
    return { env: { ...base, ...env }, saved: { ...DESKTOP_DEFAULTS, ...store.values } };
  }
}
