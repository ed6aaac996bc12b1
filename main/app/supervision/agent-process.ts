import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { app, type MessagePortMain, powerMonitor, type UtilityProcess, utilityProcess } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { bothWays } from '../../../shared/contract/both-ways.ts';
import { type Caller, createCaller } from '../../../shared/contract/caller.ts';
import type { PortPurpose } from '../../../shared/contract/channel.ts';
import type { CallError, ReplyOf, RequestOf } from '../../../shared/contract/contract.ts';
import {
  type AgentSettings,
  type AgentStart,
  agentMainContract,
  type KeptSession,
  mainAgentContract,
} from '../../../shared/contract/main-agent.ts';
import { createResponder } from '../../../shared/contract/responder.ts';
import type { RecentLines } from '../../control/recent-lines.ts';
import { agentWire } from '../ipc/agent-wire.ts';
import { environmentOfLogin } from '../login/agent-environment.ts';
import {
  NOT_STARTED,
  type SupervisionEffect,
  type SupervisionEvent,
  type SupervisionState,
  supervise,
} from './supervision.ts';

const SERVICE_NAME = 'Signalbox agent';
/** Longer than any limit of the supervision, which is what decides. In ms. */
const ANSWER_LIMIT_MS = 60_000;
/** What a job gets to end, be reported and leave nothing, in ms. */
const SHUT_DOWN_LIMIT_MS = 20_000;
/** How much later than the end of the process the system's word for it may come, in ms. */
const CAUSE_LIMIT_MS = 1_000;

/** A log of gigabytes on a slow disk, in ms. */
const SAVE_LIMIT_MS = 600_000;

type AgentCaller = Caller<typeof mainAgentContract>;

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
  private child: UtilityProcess | undefined;
  private caller: AgentCaller | undefined;
  private state: SupervisionState = NOT_STARTED;
  private timer: NodeJS.Timeout | undefined;
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
    const gone = new Promise((resolve) => child.once('exit', resolve));
    this.take({ kind: 'leave' });
    kill(child);
    await gone;
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

  /** Answers what a window asks of the agent; null while there is none. */
  async ask<N extends 'queue' | 'history' | 'deletePastJobs' | 'restorePastJobs'>(
    name: N,
    value: RequestOf<typeof mainAgentContract, N>,
  ): Promise<ReplyOf<typeof mainAgentContract, N> | null> {
    return (await this.caller?.request(name, value, ANSWER_LIMIT_MS).catch(() => null)) ?? null;
  }

  /** Stops the job, reports it, disconnects. Resolves when the agent has done so, or its time is up. */
  async shutDown(): Promise<void> {
    this.take({ kind: 'leave' });
    await this.caller?.request('shutDown', null, SHUT_DOWN_LIMIT_MS).catch(() => undefined);
    this.child?.kill();
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
        kill(this.child);
        break;
      case 'tell-started':
        this.options.onStarted();
        break;
      case 'tell-crashed':
        this.options.onCrash(effect.isStartedAgain);
        void this.tellCause(effect.reason);
        break;
      case 'give-up':
        this.child = undefined;
        this.caller = undefined;
        this.options.onGivenUp(effect.cause, effect.problem);
    }
  }

  private async fork(): Promise<void> {
    this.environment ??= environmentOfLogin(process.env);
    const env = await this.environment;
    if (this.state.phase !== 'starting') return;
    const child = utilityProcess.fork(join(__dirname, 'agent.cjs'), [], {
      env,
      serviceName: SERVICE_NAME,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) this.listen(stream);
    const { asking, answering } = bothWays(agentWire(child));
    const caller = createCaller(mainAgentContract, asking, startTimer);
    const keepSession = async (session: KeptSession | null) => {
      await this.options.keepSession(session);
      return null;
    };
    createResponder(agentMainContract, answering, { requests: { keepSession }, commands: {} }, (name) =>
      console.error(`A message of the agent was refused: ${name}`),
    );
    this.child = child;
    this.caller = caller;
    caller.on('snapshot', this.options.onSnapshot);
    caller.on('ready', () => this.take({ kind: 'ready' }));
    child.once('exit', () => {
      if (this.child !== child) return;
      this.child = undefined;
      this.caller = undefined;
      this.take({ kind: 'exited', at: performance.now() });
    });
  }

  /** What it writes is shown where this process writes too, and remembered. */
  private listen(stream: NodeJS.ReadableStream | null): void {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      this.options.lines.add(line);
      process.stdout.write(`${line}\n`);
    });
  }

  private async begin(): Promise<void> {
    const { child, caller } = this;
    const settings = await this.options.settings();
    const answer = await caller?.request('start', settings, ANSWER_LIMIT_MS).catch(() => undefined);
    if (answer && this.child === child) this.take({ kind: 'configured', problem: answer.problem });
  }

  private async ping(): Promise<void> {
    const { child, caller } = this;
    const answer = await caller?.request('ping', null, ANSWER_LIMIT_MS).then(
      () => true,
      () => false,
    );
    if (answer && this.child === child) this.take({ kind: 'answered' });
  }

  /** The exit code of a utility process tells nothing dependable; what Electron says behind it does. */
  private async tellCause(reason: string): Promise<void> {
    this.options.onCrashCause(reason || (await causeOfEnd()));
  }
}

function causeOfEnd(): Promise<string> {
  return new Promise((resolve) => {
    const finish = (reason: string) => {
      clearTimeout(limit);
      app.off('child-process-gone', look);
      resolve(reason);
    };
    const look = (_event: Electron.Event, details: Electron.Details) => {
      if (details.name === SERVICE_NAME) finish(`${details.reason} (${details.exitCode})`);
    };
    const limit = setTimeout(() => finish('it ended by itself'), CAUSE_LIMIT_MS);
    app.on('child-process-gone', look);
  });
}

/** Electron asks it to end, which one that hangs or was stopped does not hear. */
function kill(child: UtilityProcess | undefined): void {
  const pid = child?.pid;
  child?.kill();
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just gone.
  }
}

function startTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
