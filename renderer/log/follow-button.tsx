import styles from './log.module.css';

interface FollowButtonProps {
  readonly isRunning: boolean;
  readonly isAtEnd: boolean;
  /** Since the reader left the end. */
  readonly newLines: number;
  readonly onFollow: () => void;
}

/** Says that the log is followed, or that it is not and what one misses. */
export function FollowButton({ isRunning, isAtEnd, newLines, onFollow }: FollowButtonProps) {
  if (!isRunning) return null;
  if (isAtEnd) return <span className={styles.follow}>Following ↓</span>;
  const count = newLines === 1 ? '1 new line' : `${newLines.toLocaleString('en')} new lines`;
  return (
    <button type="button" className={styles.follow} onClick={onFollow}>
      {`Following stopped · ${count} ↓`}
    </button>
  );
}
