import type { HookRun } from '../../../shared/contract/settings.ts';
import type { Clock } from '../platform/clock.ts';
import { runProgram } from '../platform/run-program.ts';
import { hookDirective } from './hooks.ts';

/** Nobody looks at a button for longer, in ms. */
const LIMIT_MS = 60_000;

/** Runs a hook as jobs do, outside of any job: what it needs of a job's variables is not there. Never rejects. */
export async function testHook(
  { path, isSourced }: { readonly path: string; readonly isSourced: boolean },
  env: Readonly<Record<string, string>>,
  clock: Clock,
): Promise<HookRun> {
  const directive = hookDirective(isSourced ? 'source' : 'bash', path);
  const [program, args] =
    process.platform === 'win32'
      ? (['powershell', ['-NoProfile', '-NonInteractive', '-Command', directive]] as const)
      : (['bash', ['-c', directive]] as const);
  const start = clock.monotonic();
  const { failure, exitCode, timedOut, lines } = await runProgram({ program, args, env, clock, limitMs: LIMIT_MS });
  const ended = timedOut ? 'timed-out' : 'ended';
  return {
    outcome: failure?.startsWith('could not') ? 'not-run' : ended,
    exitCode,
    output: lines.join('\n'),
    tookMs: clock.monotonic() - start,
    problem: timedOut ? 'It did not end within a minute and was ended' : failure ? `It ${failure}` : '',
  };
}
