import type { HookRun } from '../../shared/contract/settings.ts';
import { commandTime } from '../now/command-time.ts';
import styles from './settings.module.css';

/** What a hook wrote when it was tried, and how that ended. */
export function HookOutput({ run }: { readonly run: HookRun | 'running' }) {
  if (run === 'running')
    return (
      <p className={styles.state} role="status">
        Running…
      </p>
    );
  return (
    <div className={styles.run}>
      <p className={isFine(run) ? styles.fine : styles.problem} role="status">
        {endOf(run)}
      </p>
      {run.output !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <pre className={styles.output} tabIndex={0}>
          {run.output}
        </pre>
      )}
    </div>
  );
}

function isFine({ outcome, exitCode }: HookRun): boolean {
  return outcome === 'ended' && exitCode === 0;
}

function endOf({ outcome, exitCode, tookMs, problem }: HookRun): string {
  if (outcome === 'not-run') return `✗ It was not run. ${problem}`;
  if (outcome === 'timed-out') return `✗ It had not ended after ${commandTime(tookMs)} and was stopped`;
  return `${exitCode === 0 ? '✓' : '✗'} Exit code ${exitCode} after ${commandTime(tookMs)}`;
}
