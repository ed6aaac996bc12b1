import { join } from 'node:path';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { bothWays } from '../../../shared/contract/both-ways.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import { agentMainContract, type KeptSession, type mainAgentContract } from '../../../shared/contract/main-agent.ts';
import { createResponder } from '../../../shared/contract/responder.ts';
import type { RecentLines } from '../../control/recent-lines.ts';
import { agentWire, createAgentCaller } from '../ipc/agent-wire.ts';
import { causeOfEnd } from './cause-of-end.ts';
import { ChildLines } from './child-lines.ts';

/** What Electron calls it when it tells how it ended. */
const SERVICE_NAME = 'Signalbox agent';

/** How a runtime tells what nobody caught: `TypeError: …`, `Error [ERR_X]: …`. Lines of the agent's log begin with a time. */
const ERROR_LINE = /^(?:Uncaught )?\w*Error(?: \[\w+\])?: \S/;

export interface AgentChildOptions {
  /** What the agent and its jobs inherit. */
  readonly env: Record<string, string>;
  /** What the agent writes, its last words before a crash among it. */
  readonly lines: RecentLines;
  /** Resolves when it is on the disk. */
  readonly keepSession: (session: KeptSession | null) => Promise<void>;
  readonly onReady: () => void;
  readonly onSnapshot: (snapshot: AgentSnapshot) => void;
}

/** One process of the agent, from its start to its end. */
export class AgentChild {
  readonly caller: Caller<typeof mainAgentContract>;
  /** Resolves when the process is gone, however it went, and what it wrote was read. */
  readonly gone: Promise<void>;
  /** The last error that it wrote, on a line of its own: it is what ends a process that nobody killed. Empty where it wrote none. */
  lastError = '';
  /** What the system says about its end, which it does behind that. */
  readonly cause: Promise<string>;
  private readonly process: UtilityProcess;

  constructor({ env, lines, keepSession, onReady, onSnapshot }: AgentChildOptions) {
    this.process = utilityProcess.fork(join(__dirname, 'agent.cjs'), [], {
      env,
      serviceName: SERVICE_NAME,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read = [this.process.stdout, this.process.stderr].flatMap((stream) =>
      stream ? [new ChildLines(stream, (line) => this.remember(line, lines))] : [],
    );
    const { asking, answering } = bothWays(agentWire(this.process));
    this.caller = createAgentCaller(asking);
    const handlers = { requests: { keepSession: (session: KeptSession | null) => kept(keepSession(session)) } };
    createResponder(agentMainContract, answering, { ...handlers, commands: {} }, (name) =>
      console.error(`A message of the agent was refused: ${name}`),
    );
    this.caller.on('snapshot', onSnapshot);
    this.caller.on('ready', onReady);
    const exited = new Promise<void>((resolve) => this.process.once('exit', () => resolve()));
    this.cause = exited.then(() => causeOfEnd(SERVICE_NAME));
    this.gone = exited.then(async () => void (await Promise.all(read.map((one) => one.rest()))));
  }

  /** Asks it to end: it has left already. */
  end(): void {
    this.process.kill();
  }

  /** Ends it, even where it hangs or was stopped, and does not hear what it is asked. */
  kill(): void {
    const { pid } = this.process;
    // One that is not there yet would not hear of it.
    if (pid === undefined) return void this.process.once('spawn', () => this.kill());
    this.process.kill();
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just gone.
    }
  }

  /** What it writes is shown where this process writes too. */
  private remember(line: string, lines: RecentLines): void {
    lines.add(line);
    if (ERROR_LINE.test(line)) this.lastError = line.trim();
    process.stdout.write(`${line}\n`);
  }
}

async function kept(keeping: Promise<void>): Promise<null> {
  await keeping;
  return null;
}
