import type { KeyboardEvent, RefObject } from 'react';
import { LONGEST_QUERY } from '../../shared/contract/log.ts';
import { Button } from '../ui/button.tsx';
import styles from './log-bar.module.css';
import { useSearch } from './search-store.ts';
import type { LogActions } from './use-log-actions.ts';

interface SearchFieldProps {
  readonly actions: LogActions;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** What to search for, how, how many there are, and the way from one to the next. */
export function SearchField({ actions, field }: SearchFieldProps) {
  const { query, clear, prepare } = useSearch();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') clear();
    if (event.key !== 'Enter') return;
    event.preventDefault();
    actions.find(event.shiftKey ? 'previous' : 'next');
  };
  const toggle = (name: 'matchesCase' | 'wholeWord' | 'isExpression') => actions.search({ [name]: !query[name] });
  return (
    <search className={styles.searching}>
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
        <Count />
        <Option label="Aa" name="Match case" isOn={query.matchesCase} onToggle={() => toggle('matchesCase')} />
        <Option label="W" name="Whole word" isOn={query.wholeWord} onToggle={() => toggle('wholeWord')} />
        <Option
          label=".*"
          name="Regular expression"
          isOn={query.isExpression}
          onToggle={() => toggle('isExpression')}
        />
      </span>
      <Button
        className={styles.step}
        onClick={() => actions.find('previous')}
        disabled={query.text === ''}
        aria-label="Previous match"
        title="Ctrl+Shift+G"
      >
        ↑
      </Button>
      <Button
        className={styles.step}
        onClick={() => actions.find('next')}
        disabled={query.text === ''}
        aria-label="Next match"
        title="Ctrl+G"
      >
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

/** What is wrong with what is searched for; its words need a line of their own. */
export function SearchProblem() {
  const { query, problem } = useSearch();
  if (query.text === '' || problem === '') return null;
  return (
    <p className={styles.problem} role="alert">
      {problem}
    </p>
  );
}

/** How many, and which of them; while it goes on, with three dots. */
function Count() {
  const { query, progress, problem, ordinal, current } = useSearch();
  if (query.text === '' || problem !== '') return null;
  const isDone = progress?.done === 1;
  const total = (progress?.matches ?? 0).toLocaleString('en');
  const text = current && ordinal > 0 ? `${ordinal.toLocaleString('en')} of ${total}` : `${total} found`;
  return (
    <span className={styles.count} role="status">
      {isDone && progress?.matches === 0 ? 'No match' : `${text}${isDone ? '' : '…'}`}
    </span>
  );
}
