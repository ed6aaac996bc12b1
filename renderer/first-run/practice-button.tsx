import { useEffect } from 'react';
import { useBridge } from '../bridge-context.ts';
import { useSnapshot } from '../frame/snapshot-store.ts';
import { Button } from '../ui/button.tsx';
import styles from './first-run.module.css';
import { useFirstRun } from './first-run-store.ts';

/** The way to see it at work at once. The practice hub takes a moment to begin: that something happens is said before. */
export function PracticeButton() {
  const bridge = useBridge();
  const startsPractice = useFirstRun((slice) => slice.startsPractice);
  const notice = useSnapshot((slice) => slice.snapshot?.notice);
  // Where the hub could not begin, a notice says so, and it can be tried once more. So can it be by who comes back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another notice is another outcome
  useEffect(() => () => useFirstRun.setState({ startsPractice: false }), [notice]);
  return (
    <span className={styles.practice}>
      <Button
        aria-describedby="practice"
        unavailable={startsPractice ? 'It is about to begin' : undefined}
        onClick={() => {
          useFirstRun.setState({ startsPractice: true });
          bridge.command('startPractice', null);
        }}
      >
        Try it without an account
      </Button>
      <span id="practice" className={styles.help} role="status">
        {startsPractice ? 'Starting the practice hub…' : 'runs a sample job here, takes a few seconds'}
      </span>
    </span>
  );
}
