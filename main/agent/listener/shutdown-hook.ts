import type { Clock } from '../platform/clock.ts';
import { runProgram } from '../platform/run-program.ts';
import type { ShutdownReason } from './listener-state.ts';

/** A hook may not hold the agent for longer, in ms. */
const LIMIT_MS = 60_000;

export interface ShutdownHookOptions {
  /** The agent's settings. An empty path: no hook. */
  readonly values: { readonly 'shutdown-hook-path': string };
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: { info(message: string): void; error(message: string): void };
  /** Ends the hook before its time. */
  readonly signal: AbortSignal;
}

/**
 * Runs the shutdown hook with the agent's environment and `SEMAPHORE_AGENT_SHUTDOWN_REASON`. Its output and its failure are
 * logged; neither changes anything. Resolves when it ended, or was ended: by the signal, or after 60 s.
 */
export async function runShutdownHook(options: ShutdownHookOptions, reason: ShutdownReason): Promise<void> {
  const { log, clock, signal } = options;
  const path = options.values['shutdown-hook-path'];
  if (path === '') return;
  log.info(`Running the shutdown hook ${path}`);
  const [program, args] =
    process.platform === 'win32'
      ? (['powershell', ['-NoProfile', '-NonInteractive', path]] as const)
      : (['bash', [path]] as const);
  const env = { ...options.env, SEMAPHORE_AGENT_SHUTDOWN_REASON: reason };
  const { lines, failure } = await runProgram({ program, args, env, limitMs: LIMIT_MS, clock, signal });
  for (const line of lines) log.info(`Shutdown hook: ${line}`);
  if (failure !== undefined) log.error(`The shutdown hook ${path} ${failure}`);
}
