import { memo } from 'react';
import type { AwaitedCommands, TailCommand } from '../../shared/contract/tail.ts';
import { counted } from '../ui/words.ts';
import { commandTime } from './command-time.ts';
import styles from './now.module.css';
import { useTail } from './tail-store.ts';
import { useFollowedRow } from './use-followed-row.ts';

interface CommandListProps {
  readonly now: number;
  /** Nothing begins any more. */
  readonly isOver: boolean;
}

/** The commands of the job: those that began, with times and exit codes, and those to come. The newest one stays in sight. */
export const CommandList = memo(({ now, isOver }: CommandListProps) => {
  const commands = useTail((slice) => slice.commands);
  const awaited = useTail((slice) => slice.awaited);
  const { box, newest, onScroll } = useFollowedRow(commands);
  const earlier = commands[0]?.number ?? 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <ol className={styles.commands} aria-label="Commands" tabIndex={0} ref={box} onScroll={onScroll}>
      {earlier > 0 && <Remark>{`${counted(earlier, 'earlier command')}: the log has all of them`}</Remark>}
      {commands.map((command, at) => (
        <li key={command.number} className={styles.command} ref={at === commands.length - 1 ? newest : undefined}>
          <Begun command={command} until={command.end?.at ?? now} />
        </li>
      ))}
      {isOver ? <NotRun {...awaited} /> : <ToCome {...awaited} />}
    </ol>
  );
});

/** `until`: its end, or now. It is drawn again when that changes. */
const Begun = memo(({ command, until }: { readonly command: TailCommand; readonly until: number }) => (
  <>
    <Outcome command={command} />
    <Directive text={command.directive} />
    {command.end && command.end.exitCode !== 0 && (
      <span className={styles.exitCode}>{`exit code ${command.end.exitCode}`}</span>
    )}
    <span className={styles.time}>{commandTime(until - command.startedAt)}</span>
  </>
));

const ToCome = memo(({ names, more, skipped }: AwaitedCommands) => (
  <>
    {skipped > 0 && <Remark>{`${counted(skipped, 'command')} skipped`}</Remark>}
    {names.map((name, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: two commands may be called the same, and none changes its place
      <li key={at} className={`${styles.command} ${styles.awaited}`}>
        <Sign word="to come" tone={styles.awaited}>
          ◦
        </Sign>
        <Directive text={name} />
      </li>
    ))}
    {more > 0 && <Remark>{`and ${more.toLocaleString('en-GB')} more`}</Remark>}
  </>
));

/** What a job did not come to, because something failed before or it was stopped. */
function NotRun({ names, more, skipped }: AwaitedCommands) {
  const count = names.length + more + skipped;
  return count > 0 && <Remark>{`${counted(count, 'command')} did not run`}</Remark>;
}

function Remark({ children }: { readonly children: string }) {
  return <li className={`${styles.command} ${styles.remark}`}>{children}</li>;
}

function Directive({ text }: { readonly text: string }) {
  return (
    <code className={styles.directive} title={text}>
      {text.split('\n', 1)[0]}
    </code>
  );
}

function Outcome({ command: { end } }: { readonly command: TailCommand }) {
  const [sign, word, tone] = end
    ? end.exitCode === 0
      ? ['✓', 'passed', styles.passed]
      : ['✗', 'failed', styles.failed]
    : ['▸', 'running', styles.running];
  return (
    <Sign word={word} tone={tone}>
      {sign}
    </Sign>
  );
}

interface SignProps {
  readonly word: string;
  readonly tone: string | undefined;
  readonly children: string;
}

function Sign({ word, tone, children }: SignProps) {
  return (
    <span className={`${styles.outcome} ${tone}`} role="img" aria-label={word}>
      {children}
    </span>
  );
}
