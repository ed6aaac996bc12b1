import { type RefObject, useState } from 'react';
import type { OpenedLog } from '../../shared/contract/log.ts';
import { Button } from '../ui/button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { counted, fileSize } from '../ui/words.ts';
import styles from './log-bar.module.css';
import { SearchField, SearchProblem } from './search-field.tsx';
import type { LogActions } from './use-log-actions.ts';

interface LogBarProps {
  readonly log: OpenedLog;
  readonly actions: LogActions;
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly wraps: boolean;
  readonly onWrap: (wraps: boolean) => void;
  readonly markedLine: number | undefined;
}

/** What can be done with a log: what many do stands in the bar, the rest in its menu. */
export function LogBar({ log, actions, searchField, wraps, onWrap, markedLine }: LogBarProps) {
  // How many lines there are is not known before it was read through.
  const size = log.indexedBytes < log.bytes && log.end ? fileSize(log.bytes) : counted(log.lines, 'line');
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
      <span className={styles.job}>
        <strong>{log.name}</strong>
        <span className={styles.quiet}>{` · ${size}`}</span>
      </span>
      <span className={styles.group}>
        <Button
          onClick={actions.firstFailure}
          unavailable={hasFailed ? undefined : 'No command has failed'}
          title="Ctrl+E"
        >
          First failure
        </Button>
        <LineField onGo={actions.goToLine} />
      </span>
      <SearchField actions={actions} field={searchField} />
      <span className={styles.group}>
        <button
          type="button"
          className={styles.toggle}
          aria-pressed={wraps}
          aria-label="Wrap long lines"
          title="Wrap long lines"
          onClick={() => onWrap(!wraps)}
        >
          <span aria-hidden="true">↩</span>
        </button>
        <MenuButton label="More" entries={entries} className={styles.toggle}>
          <span aria-hidden="true">⋯</span>
        </MenuButton>
      </span>
      <SearchProblem />
    </div>
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
