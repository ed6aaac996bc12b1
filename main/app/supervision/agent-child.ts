import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { bothWays } from '../../../shared/contract/both-ways.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import { agentMainContract, type KeptSession, type mainAgentContract } from '../../../shared/contract/main-agent.ts';
import { createResponder } from '../../../shared/contract/responder.ts';
import type { RecentLines } from '../../control/recent-lines.ts';
import { agentWire, createAgentCaller } from '../ipc/agent-wire.ts';

/** What Electron calls it when it tells how it ended. */
export const SERVICE_NAME = 'Signalbox agent';

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
  /** Resolves when the process is gone, however it went. */
  readonly gone: Promise<void>;
  private readonly process: UtilityProcess;

  constructor({ env, lines, keepSession, onReady, onSnapshot }: AgentChildOptions) {
    this.process = utilityProcess.fork(join(__dirname, 'agent.cjs'), [], {
      env,
      serviceName: SERVICE_NAME,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) remember(stream, lines);
    const { asking, answering } = bothWays(agentWire(this.process));
    this.caller = createAgentCaller(asking);
    const handlers = { requests: { keepSession: (session: KeptSession | null) => kept(keepSession(session)) } };
    createResponder(agentMainContract, answering, { ...handlers, commands: {} }, (name) =>
      console.error(`A message of the agent was refused: ${name}`),
    );
    this.caller.on('snapshot', onSnapshot);
    this.caller.on('ready', onReady);
    this.gone = new Promise((resolve) => this.process.once('exit', () => resolve()));
  }

  /** Asks it to end. */
  end(): void {
    this.process.kill();
  }

  /** Ends it, even where it hangs or was stopped, and does not hear what it is asked. */
  kill(): void {
    const { pid } = this.process;
    this.process.kill();
    if (pid === undefined) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just gone.
    }
  }
}

async function kept(keeping: Promise<void>): Promise<null> {
  await keeping;
  return null;
}

/** What it writes is shown where this process writes too, and remembered. */
function remember(stream: NodeJS.ReadableStream | null, lines: RecentLines): void {
  if (!stream) return;
  createInterface({ input: stream }).on('line', (line) => {
    lines.add(line);
    process.stdout.write(`${line}\n`);
  });
}
