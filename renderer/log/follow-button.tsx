import styles from './log.module.css';

interface FollowButtonProps {
  readonly isRunning: boolean;
  readonly isAtEnd: boolean;
  /** Since the reader left the end. */
  readonly newLines: number;
  readonly onFollow: () => void;
}

/** Says below the log of a running job that it is followed, or that it is not and what one misses. */
export function FollowButton({ isRunning, isAtEnd, newLines, onFollow }: FollowButtonProps) {
  if (!isRunning) return null;
  const count = newLines === 1 ? '1 new line' : `${newLines.toLocaleString('en')} new lines`;
  return (
    <div className={styles.foot}>
      {isAtEnd ? (
        <span className={styles.follow}>Following ↓</span>
      ) : (
        <button type="button" className={styles.follow} onClick={onFollow}>
          {`Following stopped · ${count} ↓`}
        </button>
      )}
    </div>
  );
}
