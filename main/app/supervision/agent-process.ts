import { type MessagePortMain, powerMonitor } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import type { PortPurpose } from '../../../shared/contract/channel.ts';
import type { CallError, ReplyOf, RequestOf } from '../../../shared/contract/contract.ts';
import type { AgentSettings, AgentStart, KeptSession, mainAgentContract } from '../../../shared/contract/main-agent.ts';
import type { RecentLines } from '../../control/recent-lines.ts';
import { environmentOfLogin } from '../login/agent-environment.ts';
import { AgentChild } from './agent-child.ts';
import {
  NOT_STARTED,
  type SupervisionEffect,
  type SupervisionEvent,
  type SupervisionState,
  supervise,
} from './supervision.ts';

/** Longer than any limit of the supervision, which is what decides. In ms. */
const ANSWER_LIMIT_MS = 60_000;
/** What a job gets to end, be reported and leave nothing, in ms. */
const SHUT_DOWN_LIMIT_MS = 20_000;
/** Somebody waits for it, and is shown what is known where it does not answer by then. In ms. */
const LOOK_LIMIT_MS = 1_000;
/** A log of gigabytes on a slow disk, in ms. */
const SAVE_LIMIT_MS = 600_000;

export interface AgentProcessOptions {
  /** What the agent begins with, the token among it. Sent by message, never as environment. Asked for at every start. */
  readonly settings: () => Promise<AgentStart>;
  /** Resolves when it is on the disk. */
  readonly keepSession: (session: KeptSession | null) => Promise<void>;
  /** What the agent writes, its last words before a crash among it. */
  readonly lines: RecentLines;
  readonly onSnapshot: (snapshot: AgentSnapshot) => void;
  /** A new agent listens: windows need new ports to it. */
  readonly onStarted: () => void;
  /** It is gone. Told at once; what the system says about it comes with `onCrashCause`. */
  readonly onCrash: (isStartedAgain: boolean) => void;
  /** `killed (9)`, `oom (5)`, `it did not answer for 15 s`. */
  readonly onCrashCause: (reason: string) => void;
  /** There is no agent until somebody connects it. One line for people says why. */
  readonly onGivenUp: (cause: 'settings' | 'crashed', problem: string) => void;
}

/** Runs the agent in a utility process: performs what the supervision asks for. */
export class AgentProcess {
  private child: AgentChild | undefined;
  private isWatched = false;
  private state: SupervisionState = NOT_STARTED;
  private timer: NodeJS.Timeout | undefined;
  /** What the system says about the end of the process before. */
  private lastCause: Promise<string> = Promise.resolve('');
  /** What the agent and its jobs inherit; looked up once. */
  private environment: Promise<Record<string, string>> | undefined;

  constructor(private readonly options: AgentProcessOptions) {
    powerMonitor.on('resume', () => {
      this.take({ kind: 'resumed' });
      this.caller?.command('wake', null);
    });
  }

  /** Starts the process and gives it its settings. Problems go to `onGivenUp`. */
  start(): void {
    this.take({ kind: 'start' });
  }

  /** There is a process, or there is one in a moment. */
  get isRunning(): boolean {
    return this.child !== undefined;
  }

  /** Gives other settings to the jobs from the next one on. Resolves with what is wrong with them, or an empty text. */
  async configure(settings: AgentSettings): Promise<string> {
    const answer = await this.caller?.request('configure', settings, ANSWER_LIMIT_MS).catch(() => undefined);
    return answer?.problem ?? '';
  }

  /** Ends a process that is without a registration and without a job, if there is one. Resolves when it is gone. */
  async end(): Promise<void> {
    const { child } = this;
    if (!child) return;
    this.take({ kind: 'leave' });
    child.kill();
    await child.gone;
  }

  pause(): void {
    this.caller?.command('pause', null);
  }
  /** Connects again, with a new process where there is none. */
  resume(): void {
    if (this.child) this.caller?.command('resume', null);
    else this.start();
  }
  stopJob(): void {
    this.caller?.command('stopJob', null);
  }
  disconnect(job: 'finish' | 'stop'): void {
    this.caller?.command('disconnect', { job });
  }
  /** Somebody looks, or nobody does any more: only for people are the times of every sync told. */
  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    this.caller?.command('watch', { on: isWatched });
  }
  /** Shows logs to whoever has the other end of this port. */
  connect(purpose: PortPurpose, port: MessagePortMain): void {
    this.caller?.command(purpose === 'tail' ? 'tail' : 'readLogs', null, port);
  }
  /** Writes the log of a job into a file. Resolves with what went wrong, or an empty text. */
  async saveLog(job: string, path: string): Promise<string> {
    const saved = this.caller?.request('saveLog', { job, path }, SAVE_LIMIT_MS);
    return saved
      ? saved.then(({ problem }) => problem).catch((error: CallError) => error.message)
      : 'The agent does not run';
  }

  /** The newest snapshot, with the times of syncs that no event told; undefined where no agent tells one. */
  async snapshot(): Promise<AgentSnapshot | undefined> {
    return (await this.caller?.request('snapshot', null, LOOK_LIMIT_MS).catch(() => null)) ?? undefined;
  }

  /** What the agent answers; null while there is none. */
  async ask<N extends 'queue' | 'history' | 'deletePastJobs' | 'restorePastJobs'>(
    name: N,
    value: RequestOf<typeof mainAgentContract, N>,
  ): Promise<ReplyOf<typeof mainAgentContract, N> | null> {
    return (await this.caller?.request(name, value, ANSWER_LIMIT_MS).catch(() => null)) ?? null;
  }

  /** Stops the job, reports it, disconnects. Resolves when the agent has done so, or its time is up. */
  async shutDown(): Promise<void> {
    this.take({ kind: 'leave' });
    const { child } = this;
    const isDone = await child?.caller.request('shutDown', null, SHUT_DOWN_LIMIT_MS).then(
      () => true,
      () => false,
    );
    if (isDone) child?.end();
    else child?.kill();
  }
  /** What the job has left is killed, without the rest of its grace. */
  hasten(): void {
    this.caller?.command('hasten', null);
  }

  private get caller(): AgentChild['caller'] | undefined {
    return this.child?.caller;
  }

  private take(event: SupervisionEvent): void {
    const { state, effects } = supervise(this.state, event);
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: SupervisionEffect): void {
    switch (effect.kind) {
      case 'fork':
        void this.fork();
        break;
      case 'configure':
        void this.begin();
        break;
      case 'ask':
        void this.ping();
        break;
      case 'timer':
        clearTimeout(this.timer);
        if (effect.ms > 0) this.timer = setTimeout(() => this.take({ kind: 'timer' }), effect.ms);
        break;
      case 'kill':
        this.child?.kill();
        break;
      case 'tell-started':
        if (this.isWatched) this.caller?.command('watch', { on: true });
        this.options.onStarted();
        break;
      case 'tell-crashed':
        this.options.onCrash(effect.isStartedAgain);
        void this.tellCause(effect.reason);
        break;
      case 'give-up':
        this.child = undefined;
        this.options.onGivenUp(effect.cause, effect.problem);
    }
  }

  private async fork(): Promise<void> {
    this.environment ??= environmentOfLogin(process.env);
    const env = await this.environment;
    // It was told to go, or its time was up, before there was anything to end.
    if (this.state.phase !== 'starting') return this.take({ kind: 'exited', at: performance.now(), lastError: '' });
    const { lines, keepSession, onSnapshot } = this.options;
    const onReady = () => this.take({ kind: 'ready' });
    const child = new AgentChild({ env, lines, keepSession, onSnapshot, onReady });
    this.child = child;
    await child.gone;
    if (this.child !== child) return;
    this.child = undefined;
    this.lastCause = child.cause;
    this.take({ kind: 'exited', at: performance.now(), lastError: child.lastError });
  }

  private async begin(): Promise<void> {
    const { child } = this;
    const settings = await this.options.settings();
    const answer = await child?.caller.request('start', settings, ANSWER_LIMIT_MS).catch(() => undefined);
    if (answer && this.child === child) this.take({ kind: 'configured', problem: answer.problem });
  }

  private async ping(): Promise<void> {
    const { child } = this;
    const answer = await child?.caller.request('ping', null, ANSWER_LIMIT_MS).then(
      () => true,
      () => false,
    );
    if (answer && this.child === child) this.take({ kind: 'answered' });
  }

  private async tellCause(reason: string): Promise<void> {
    this.options.onCrashCause(reason || (await this.lastCause));
  }
}
