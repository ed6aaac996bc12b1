import { type KeyboardEvent, type RefObject, useState } from 'react';
import { LONGEST_QUERY, type OpenedLog } from '../../shared/contract/log.ts';
import { Button } from '../ui/button.tsx';
import styles from './log-bar.module.css';
import { useSearch } from './search-store.ts';
import type { LogActions } from './use-log-actions.ts';

interface LogBarProps {
  readonly log: OpenedLog;
  readonly actions: LogActions;
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly wraps: boolean;
  readonly onWrap: (wraps: boolean) => void;
  readonly markedLine: number | undefined;
}

/** What can be done with a log. */
export function LogBar({ log, actions, searchField, wraps, onWrap, markedLine }: LogBarProps) {
  const lines = log.lines === 1 ? '1 line' : `${log.lines.toLocaleString('en')} lines`;
  const hasFailed = log.commands.some(({ end }) => end && end.exitCode !== 0);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Log">
      <span className={styles.job}>
        <strong>{log.name}</strong>
        <span className={styles.quiet}>{` · ${lines}`}</span>
      </span>
      <SearchField actions={actions} field={searchField} />
      <span className={styles.tools}>
        <Button
          onClick={actions.firstFailure}
          unavailable={hasFailed ? undefined : 'No command has failed'}
          title="Ctrl+E"
        >
          First failure
        </Button>
        <LineField onGo={actions.goToLine} />
        <span className={styles.told} role="status">
          {actions.message}
        </span>
        <Button look="quiet" onClick={() => onWrap(!wraps)}>
          {wraps ? 'Do not wrap' : 'Wrap'}
        </Button>
        <Button look="quiet" onClick={actions.copy}>
          Copy
        </Button>
        <Button look="quiet" onClick={() => actions.copyLink(markedLine ?? actions.topLine())}>
          Copy link
        </Button>
        <Button look="quiet" onClick={actions.save}>
          Save as…
        </Button>
      </span>
    </div>
  );
}

/** Goes to a line by its number. */
function LineField({ onGo }: { readonly onGo: (text: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      className={styles.search}
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

function SearchField({
  actions,
  field,
}: {
  readonly actions: LogActions;
  readonly field: RefObject<HTMLInputElement | null>;
}) {
  const { query, clear, prepare } = useSearch();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') clear();
    if (event.key !== 'Enter') return;
    event.preventDefault();
    actions.find(event.shiftKey ? 'previous' : 'next');
  };
  const toggle = (name: 'matchesCase' | 'wholeWord' | 'isExpression') => actions.search({ [name]: !query[name] });
  return (
    <search className={styles.group}>
      <span className={styles.search}>
        <input
          ref={field}
          className={styles.field}
          type="text"
          value={query.text}
          onFocus={prepare}
          // Each letter ends the search for those before it, which costs less than to wait for the next one.
          onChange={(event) => actions.search({ text: event.target.value })}
          onKeyDown={onKeyDown}
          maxLength={LONGEST_QUERY}
          placeholder="Search"
          aria-label="Search in the log"
          spellCheck={false}
        />
        <Option label="Aa" name="Match case" isOn={query.matchesCase} onToggle={() => toggle('matchesCase')} />
        <Option label="W" name="Whole word" isOn={query.wholeWord} onToggle={() => toggle('wholeWord')} />
        <Option
          label=".*"
          name="Regular expression"
          isOn={query.isExpression}
          onToggle={() => toggle('isExpression')}
        />
      </span>
      <Count />
      <Button
        onClick={() => actions.find('previous')}
        disabled={query.text === ''}
        aria-label="Previous match"
        title="Ctrl+Shift+G"
      >
        ↑
      </Button>
      <Button onClick={() => actions.find('next')} disabled={query.text === ''} aria-label="Next match" title="Ctrl+G">
        ↓
      </Button>
    </search>
  );
}

interface OptionProps {
  readonly label: string;
  readonly name: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}

function Option({ label, name, isOn, onToggle }: OptionProps) {
  return (
    <button
      type="button"
      className={styles.option}
      aria-pressed={isOn}
      aria-label={name}
      title={name}
      onClick={onToggle}
    >
      {label}
    </button>
  );
}

/** How many, and which of them; while it goes on, with three dots. */
function Count() {
  const { query, progress, problem, ordinal, current } = useSearch();
  if (query.text === '') return null;
  if (problem !== '') return <span className={styles.problem}>{problem}</span>;
  const isDone = progress?.done === 1;
  const total = (progress?.matches ?? 0).toLocaleString('en');
  const text = current && ordinal > 0 ? `${ordinal.toLocaleString('en')} of ${total}` : `${total} found`;
  return (
    <span className={styles.count} role="status">
      {isDone && progress?.matches === 0 ? 'No match' : `${text}${isDone ? '' : '…'}`}
    </span>
  );
}
