import type { TailCommand } from '../../shared/contract/tail.ts';
import { useFollowedEnd } from '../ui/use-followed-end.ts';
import { commandTime } from './command-time.ts';
import styles from './now.module.css';
import { useTail } from './tail-store.ts';

/** The commands of the job, with their times and exit codes. The newest one stays in sight until one scrolls up. */
export function CommandList({ now }: { readonly now: number }) {
  const commands = useTail((slice) => slice.commands);
  const { box, onScroll } = useFollowedEnd<HTMLOListElement>(commands);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <ol className={styles.commands} aria-label="Commands" tabIndex={0} ref={box} onScroll={onScroll}>
      {commands.map((command) => (
        <li key={command.number} className={styles.command}>
          <Outcome command={command} />
          <code className={styles.directive} title={command.directive}>
            {command.directive.split('\n', 1)[0]}
          </code>
          {command.end && command.end.exitCode !== 0 && (
            <span className={styles.exitCode}>{`exit code ${command.end.exitCode}`}</span>
          )}
          <span className={styles.time}>{commandTime((command.end?.at ?? now) - command.startedAt)}</span>
        </li>
      ))}
    </ol>
  );
}

function Outcome({ command: { end } }: { readonly command: TailCommand }) {
  const [sign, word, tone] = end
    ? end.exitCode === 0
      ? ['✓', 'passed', styles.passed]
      : ['✗', 'failed', styles.failed]
    : ['▸', 'running', styles.running];
  return (
    <span className={`${styles.outcome} ${tone}`} role="img" aria-label={word}>
      {sign}
    </span>
  );
}
