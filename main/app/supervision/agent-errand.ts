import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { Caller } from '../../../shared/contract/caller.ts';
import type { ReplyOf, RequestOf } from '../../../shared/contract/contract.ts';
import type { HookOutput } from '../../../shared/contract/hooks.ts';
import type { mainAgentContract } from '../../../shared/contract/main-agent.ts';
import { agentWire, createAgentCaller } from '../ipc/agent-wire.ts';
import { environmentOfLogin } from '../login/agent-environment.ts';

/** Longer than any errand takes by its own limit, in ms. */
const LIMIT_MS = 90_000;

type Errand = 'testConnection' | 'testHook' | 'examine';

export interface ErrandOptions {
  /** Gets what a hook writes that is tried. */
  readonly onHookOutput?: (piece: HookOutput) => void;
  /** Tells the agent to end the hook that it tries. */
  readonly signal?: AbortSignal;
}

/**
 * Lets an agent do one thing, in a process of its own that ends with it and has the environment that jobs get: what goes
 * wrong there touches no job. The process of the app itself talks to no hub and starts no script.
 */
export async function runErrand<N extends Errand>(
  name: N,
  value: RequestOf<typeof mainAgentContract, N>,
  options: ErrandOptions = {},
): Promise<ReplyOf<typeof mainAgentContract, N>> {
  const child = utilityProcess.fork(join(__dirname, 'agent.cjs'), [], {
    serviceName: 'Signalbox errand',
    stdio: ['ignore', 'ignore', 'inherit'],
    env: await environmentOfLogin(process.env),
  });
  const caller = createAgentCaller(agentWire(child));
  try {
    accompany(caller, options);
    return await caller.request(name, value, LIMIT_MS);
  } finally {
    child.kill();
  }
}

function accompany(caller: Caller<typeof mainAgentContract>, { onHookOutput, signal }: ErrandOptions): void {
  if (onHookOutput) caller.on('hookOutput', onHookOutput);
  const stop = () => caller.command('stopHookTest', null);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
}
