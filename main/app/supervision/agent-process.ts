import { join } from 'node:path';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { type Caller, createCaller } from '../../../shared/contract/caller.ts';
import { mainAgentContract } from '../../../shared/contract/main-agent.ts';
import { agentWire } from '../ipc/agent-wire.ts';

/** From the start of the process to its answer, in ms. */
const START_LIMIT_MS = 15_000;
/** What a job gets to end, be reported and leave nothing, in ms. */
const SHUT_DOWN_LIMIT_MS = 20_000;
/** So many restarts within the window, then it is left alone until somebody connects it. */
const RESTARTS = 3;
const RESTART_WINDOW_MS = 10 * 60_000;

export interface AgentProcessOptions {
  /** The variables that the agent reads its settings from, the token among them. Sent by message, never as environment. */
  readonly settings: Readonly<Record<string, string>>;
  readonly onSnapshot: (snapshot: AgentSnapshot) => void;
  /** One line for people: the agent is gone, and what happens now. */
  readonly onTrouble: (message: string) => void;
}

/** Runs the agent in a utility process, and starts it again when it crashes. */
export class AgentProcess {
  private caller: Caller<typeof mainAgentContract> | undefined;
  private child: UtilityProcess | undefined;
  private readonly crashes: number[] = [];
  private leaving = false;

  constructor(private readonly options: AgentProcessOptions) {}

  /** Starts the process and gives it its settings. Problems go to `onTrouble`. */
  async start(): Promise<void> {
    const child = utilityProcess.fork(join(__dirname, 'agent.cjs'), [], {
      serviceName: 'Signalbox agent',
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const caller = createCaller(mainAgentContract, agentWire(child), startTimer);
    this.caller = caller;
    this.child = child;
    caller.on('snapshot', this.options.onSnapshot);
    child.once('exit', () => this.onExit());
    try {
      const { problem } = await caller.request('start', { env: this.options.settings, saved: {} }, START_LIMIT_MS);
      if (problem !== '') this.options.onTrouble(problem);
    } catch (error) {
      if (!this.leaving) this.options.onTrouble(`The agent did not start: ${(error as Error).message}`);
    }
  }

  pause(): void {
    this.caller?.command('pause', null);
  }
  resume(): void {
    this.caller?.command('resume', null);
  }
  stopJob(): void {
    this.caller?.command('stopJob', null);
  }
  disconnect(): void {
    this.caller?.command('disconnect', null);
  }

  /** Stops the job, reports it, disconnects. Resolves when the agent has done so, or its time is up. */
  async shutDown(): Promise<void> {
    this.leaving = true;
    await this.caller?.request('shutDown', null, SHUT_DOWN_LIMIT_MS).catch(() => undefined);
    this.child?.kill();
  }

  /** A process that goes by itself has crashed, whatever its exit code says. */
  private onExit(): void {
    if (this.leaving) return;
    const now = Date.now();
    this.crashes.push(now);
    const recent = this.crashes.filter((at) => now - at < RESTART_WINDOW_MS);
    if (recent.length > RESTARTS) {
      this.options.onTrouble('The agent crashed again and again; it is not started any more');
      return;
    }
    this.options.onTrouble('The agent crashed and was started again; a job that was running is reported as failed');
    void this.start();
  }
}

function startTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
