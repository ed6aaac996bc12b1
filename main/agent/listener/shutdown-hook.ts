import { spawn } from 'node:child_process';
import type { Clock } from '../platform/clock.ts';
import type { ShutdownReason } from './listener-state.ts';

/** A hook may not hold the agent for longer, in ms. */
const LIMIT_MS = 60_000;
/** Of its output, this much goes to the agent's log, in bytes. */
const MOST_OUTPUT = 64 * 1024;

export interface ShutdownHookOptions {
  /** Empty: no hook. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: { info(message: string): void; error(message: string): void };
}

/**
 * Runs the shutdown hook with the agent's environment and `SEMAPHORE_AGENT_SHUTDOWN_REASON`. Its output and its failure are
 * logged; neither changes anything. Resolves when it ended, or was ended after 60 s.
 */
export function runShutdownHook(options: ShutdownHookOptions, reason: ShutdownReason): Promise<void> {
  const { path, log, clock } = options;
  if (path === '') return Promise.resolve();
  log.info(`Running the shutdown hook ${path}`);
  const [program, args] =
    process.platform === 'win32' ? ['powershell', ['-NoProfile', '-NonInteractive', path]] : ['bash', [path]];
  const env = { ...options.env, SEMAPHORE_AGENT_SHUTDOWN_REASON: reason };
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const chunks: Buffer[] = [];
    let size = 0;
    const keep = (chunk: Buffer) => {
      if (size < MOST_OUTPUT) chunks.push(chunk);
      size += chunk.length;
    };
    const finish = (outcome: string | undefined) => {
      limit.cancel();
      const output = Buffer.concat(chunks).subarray(0, MOST_OUTPUT).toString().trimEnd();
      for (const line of output === '' ? [] : output.split('\n')) log.info(`Shutdown hook: ${line}`);
      if (outcome !== undefined) log.error(`The shutdown hook ${path} ${outcome}`);
      resolve();
    };
    const limit = clock.startTimer(LIMIT_MS, () => killGroup(child.pid));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error: NodeJS.ErrnoException) => finish(`could not be started (${error.code ?? 'unknown'})`));
    child.on('close', (code, signal) => finish(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
