import type { OpenedLog } from '../../shared/contract/log.ts';
import { Result } from '../ui/result.tsx';
import styles from './log-bar.module.css';
import { logSize, runFacts, runInFull } from './run-facts.ts';

interface RunLineProps {
  readonly log: OpenedLog;
  readonly now: number;
  /** What the last action has to say: it stands in the place of the facts, where it covers no line of the log. */
  readonly message: string;
}

/** Which run one reads: how it ended, its job, and what tells it from others. */
export function RunLine({ log, now, message }: RunLineProps) {
  return (
    <span className={styles.run} title={message || runInFull(log, now)}>
      <Result result={log.end?.result ?? 'running'} />
      <strong className={styles.name}>{log.name}</strong>
      {message === '' && <span className={styles.facts}>{runFacts(log, now)}</span>}
      {message === '' && <span className={styles.size}>{`· ${logSize(log)}`}</span>}
      <span className={styles.told} role="status">
        {message}
      </span>
    </span>
  );
}
