import type { HookRun } from '../../shared/contract/hooks.ts';
import { useNow } from '../frame/use-now.ts';
import { commandTime } from '../now/command-time.ts';
import { TailBox } from '../ui/tail-box.tsx';
import type { HookTest } from './hook-tests-store.ts';
import styles from './hooks.module.css';

/** What a hook writes while it is tried, and how that ended. */
export function HookOutput({ test }: { readonly test: HookTest }) {
  const { tail, end } = test;
  const isSilent = tail.nextKey === 0 && tail.partial === '';
  return (
    <div className={styles.run}>
      {end ? (
        <p className={isFine(end) ? styles.fine : styles.problem} role="status">
          {endOf(end)}
          {isSilent && end.outcome !== 'not-run' && <span className={styles.state}> · it wrote nothing</span>}
        </p>
      ) : (
        <Elapsed since={test.startedAt} />
      )}
      {!isSilent && (
        <TailBox tail={tail} label="Output of the test run" className={styles.output} isOver={end !== undefined} />
      )}
    </div>
  );
}

/** The state is spoken, the seconds are for the eye. */
function Elapsed({ since }: { readonly since: number }) {
  const seconds = Math.max(0, Math.floor((useNow() - since) / 1_000));
  return (
    <p className={styles.state}>
      <span role="status">Running…</span> {`${seconds} s, outside of any job: variables of a job are not there`}
    </p>
  );
}

function isFine({ outcome, exitCode }: HookRun): boolean {
  return outcome === 'ended' && exitCode === 0;
}

function endOf({ outcome, exitCode, tookMs, problem }: HookRun): string {
  if (outcome === 'not-run') return `✗ It was not run. ${problem}`;
  if (outcome === 'timed-out') return `✗ It had not ended after ${commandTime(tookMs)} and was stopped`;
  if (outcome === 'stopped') return `■ Stopped by you after ${commandTime(tookMs)}`;
  return `${exitCode === 0 ? '✓' : '✗'} Exit code ${exitCode} after ${commandTime(tookMs)}`;
}
