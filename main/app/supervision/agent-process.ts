import { join } from 'node:path';
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { type Caller, createCaller } from '../../../shared/contract/caller.ts';
import { mainAgentContract } from '../../../shared/contract/main-agent.ts';
import { DESKTOP_DEFAULTS } from '../../../shared/options/desktop-defaults.ts';
import { agentWire } from '../ipc/agent-wire.ts';
import { RestartBudget } from './restart-budget.ts';

/** From the start of the process to its first message, and from its settings to its answer, in ms. */
const READY_LIMIT_MS = 20_000;
const START_LIMIT_MS = 15_000;
/** What a job gets to end, be reported and leave nothing, in ms. */
const SHUT_DOWN_LIMIT_MS = 20_000;

type AgentCaller = Caller<typeof mainAgentContract>;

export interface AgentProcessOptions {
  /** The variables that the agent reads its settings from, the token among them. Sent by message, never as environment. */
  readonly settings: Readonly<Record<string, string>>;
  readonly onSnapshot: (snapshot: AgentSnapshot) => void;
  /** A new agent listens: windows need new ports to it. */
  readonly onStarted: () => void;
  /** It crashed and is started again. */
  readonly onCrash: () => void;
  /** There is no agent until somebody connects it. One line for people says why. */
  readonly onGivenUp: (cause: 'settings' | 'crashed', problem: string) => void;
}

/** Runs the agent in a utility process, and starts it again when it crashes. */
export class AgentProcess {
  private child: UtilityProcess | undefined;
  private caller: AgentCaller | undefined;
  private readonly budget = new RestartBudget(() => performance.now());
  private leaving = false;

  constructor(private readonly options: AgentProcessOptions) {}

  /** Starts the process and gives it its settings. Problems go to `onGivenUp`. */
  start(): void {
    const child = utilityProcess.fork(join(__dirname, 'agent.cjs'), [], {
      serviceName: 'Signalbox agent',
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const caller = createCaller(mainAgentContract, agentWire(child), startTimer);
    this.child = child;
    this.caller = caller;
    caller.on('snapshot', this.options.onSnapshot);
    // One that does not get ready, or does not answer, is ended; its end is a crash like any other.
    const overdue = setTimeout(() => child.kill(), READY_LIMIT_MS);
    caller.on('ready', () => {
      clearTimeout(overdue);
      void this.configure(caller, child);
    });
    child.once('exit', () => {
      clearTimeout(overdue);
      this.onExit(child);
    });
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
  /** Shows the running job's log to whoever has the other end of this port. */
  showTail(port: MessagePortMain): void {
    this.caller?.command('tail', null, port);
  }

  /** Stops the job, reports it, disconnects. Resolves when the agent has done so, or its time is up. */
  async shutDown(): Promise<void> {
    this.leaving = true;
    await this.caller?.request('shutDown', null, SHUT_DOWN_LIMIT_MS).catch(() => undefined);
    this.child?.kill();
  }

  private async configure(caller: AgentCaller, child: UtilityProcess): Promise<void> {
    try {
      const { problem } = await caller.request(
        'start',
        { env: this.options.settings, saved: DESKTOP_DEFAULTS },
        START_LIMIT_MS,
      );
      if (problem === '') this.options.onStarted();
      else this.giveUp('settings', problem);
    } catch {
      child.kill();
    }
  }

  /** A process that goes by itself has crashed, whatever its exit code says. */
  private onExit(child: UtilityProcess): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.caller = undefined;
    if (this.leaving) return;
    if (!this.budget.take()) {
      this.giveUp('crashed', 'It crashed four times in ten minutes and is not started any more until you connect it');
      return;
    }
    this.options.onCrash();
    this.start();
  }

  private giveUp(cause: 'settings' | 'crashed', problem: string): void {
    const { child } = this;
    this.child = undefined;
    this.caller = undefined;
    child?.kill();
    this.options.onGivenUp(cause, problem);
  }
}

function startTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
