import { type RefObject, useState } from 'react';
import type { OpenedLog } from '../../shared/contract/log.ts';
import { Button } from '../ui/button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import styles from './log-bar.module.css';
import { RunLine } from './run-line.tsx';
import { SearchField, SearchProblem } from './search-field.tsx';
import type { LogActions } from './use-log-actions.ts';

interface LogBarProps {
  readonly log: OpenedLog;
  readonly now: number;
  readonly actions: LogActions;
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly wraps: boolean;
  readonly onWrap: (wraps: boolean) => void;
  readonly markedLine: number | undefined;
}

/** More does not fit in the place of a run's facts. In characters. */
const LONG_MESSAGE = 44;

/** What can be done with a log: what many do stands in the bar, the rest in its menu. */
export function LogBar({ log, now, actions, searchField, wraps, onWrap, markedLine }: LogBarProps) {
  // What is long is an error, and read to its end.
  const isLong = actions.message.length > LONG_MESSAGE;
  const hasFailed = log.commands.some(({ end }) => end && end.exitCode !== 0);
  const entries = [
    { label: 'Copy what is selected', choose: actions.copy },
    { label: 'Copy link to this line', choose: () => actions.copyLink(markedLine ?? actions.topLine()) },
    { label: 'Save as…', choose: actions.save },
    'separator',
    { label: 'Open all commands', choose: () => actions.foldAll(true) },
    { label: 'Close all commands', choose: () => actions.foldAll(false) },
  ] as const;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Log">
      <RunLine log={log} now={now} message={isLong ? '' : actions.message} />
      <span className={styles.controls}>
        <Button
          aria-label="First failure"
          onClick={actions.firstFailure}
          unavailable={hasFailed ? undefined : 'No command has failed'}
          title="First failure (Ctrl+E)"
        >
          <Label text="First failure" sign="✗" />
        </Button>
        <LineField onGo={actions.goToLine} />
        <SearchField actions={actions} field={searchField} />
        <button
          type="button"
          className={styles.toggle}
          aria-pressed={wraps}
          aria-label="Wrap lines"
          title="Wrap lines"
          onClick={() => onWrap(!wraps)}
        >
          <Label text="Wrap lines" sign="↩" />
        </button>
        <MenuButton label="More" entries={entries} className={styles.toggle}>
          <Label text="More" sign="⋯" />
        </MenuButton>
      </span>
      <SearchProblem />
      {isLong && (
        <p className={styles.problem} role="alert">
          {actions.message}
        </p>
      )}
    </div>
  );
}

/** What stands on a button: words, or a sign where there is no room for them. */
function Label({ text, sign }: { readonly text: string; readonly sign: string }) {
  return (
    <span className={styles.label}>
      <span className={styles.words}>{text}</span>
      <span className={styles.sign} aria-hidden="true">
        {sign}
      </span>
    </span>
  );
}

/** Goes to a line by its number, or to that of a link. */
function LineField({ onGo }: { readonly onGo: (text: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onGo(text);
      }}
    >
      <input
        className={styles.lineField}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Line"
        aria-label="Go to line"
        inputMode="numeric"
      />
    </form>
  );
}
