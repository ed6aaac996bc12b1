import type { HookOutput, HookRun } from '../../../shared/contract/hooks.ts';
import type { Clock } from '../platform/clock.ts';
import { runProgram } from '../platform/run-program.ts';
import { HookOutputPieces } from './hook-output-pieces.ts';
import { hookDirective } from './hooks.ts';

/** Nobody looks at a button for longer, in ms. */
const LIMIT_MS = 60_000;

export interface HookTest {
  readonly path: string;
  readonly isSourced: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
  /** Gets what it writes while it runs; the last of it before the run is over. */
  readonly onOutput: (piece: HookOutput) => void;
}

/** Runs a hook as jobs do, outside of any job: what it needs of a job's variables is not there. Never rejects. */
export async function testHook({ path, isSourced, env, clock, signal, onOutput }: HookTest): Promise<HookRun> {
  const pieces = new HookOutputPieces(clock, onOutput);
  const start = clock.monotonic();
  const { failure, exitCode, timedOut } = await runProgram({
    ...shellCall(hookDirective(isSourced ? 'source' : 'bash', path)),
    env,
    clock,
    limitMs: LIMIT_MS,
    signal,
    onOutput: (chunk) => pieces.add(chunk),
  });
  pieces.end();
  const tookMs = clock.monotonic() - start;
  if (failure?.startsWith('could not')) return { outcome: 'not-run', exitCode, tookMs, problem: `It ${failure}` };
  const cut = signal.aborted ? 'stopped' : 'timed-out';
  return { outcome: timedOut || signal.aborted ? cut : 'ended', exitCode, tookMs, problem: '' };
}

/** What it writes as errors stands among the rest in the order in which it was written, as on a terminal. */
function shellCall(directive: string): { readonly program: string; readonly args: readonly string[] } {
  return process.platform === 'win32'
    ? { program: 'powershell', args: ['-NoProfile', '-NonInteractive', '-Command', directive] }
    : { program: 'bash', args: ['-c', `exec 2>&1\n${directive}`] };
}
