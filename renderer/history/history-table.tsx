import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from 'react';
import type { PastJob } from '../../shared/contract/history.ts';
import { useNow } from '../frame/use-now.ts';
import { dayAndTime } from '../ui/words.ts';
import styles from './history.module.css';
import { HistoryRow, type RowActions } from './history-row.tsx';
import { useHistory } from './history-store.ts';
import { allOrNothing, extendedTo, NOTHING_SELECTED, type Selection, toggled } from './selection.ts';

interface HistoryTableProps {
  readonly jobs: readonly PastJob[];
  readonly onDelete: (jobs: readonly PastJob[]) => void;
  readonly onSave: (job: PastJob) => void;
}

/**
 * Jobs in rows. Tab comes to one of them and arrows go from one to the next, with Shift they choose several; Space chooses one,
 * Enter opens the log, Delete deletes what is chosen.
 */
export function HistoryTable({ jobs, onDelete, onSave }: HistoryTableProps) {
  const today = new Date(useNow()).setHours(0, 0, 0, 0);
  const { selection, reached, deleted } = useHistory();
  const body = useRef<HTMLTableSectionElement>(null);
  const keys = useMemo(() => keysOf(jobs), [jobs]);
  const whens = useMemo(() => jobs.map(({ startedAt }) => dayAndTime(startedAt, today)), [jobs, today]);
  const active = jobs.some(({ key }) => key === reached) ? reached : jobs[0]?.key;
  const actions = useRowActions({ keys, onDelete, onSave });
  const hasDeleted = deleted.length > 0;
  // What was deleted had the focus, and leaves it to its neighbour.
  useEffect(() => {
    if (hasDeleted && jobs.length > 0 && document.activeElement === document.body) nameIn(body, reached)?.focus();
  }, [hasDeleted, jobs, reached]);
  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const at = jobs.findIndex(({ key }) => key === (event.target as HTMLElement).dataset.job);
    const job = jobs[at];
    if (!job) return;
    const next = jobs[placeAfter(event.key, at, jobs.length) ?? -1];
    const chosen = chosenBy(event, job, next, { selection, keys });
    if (next) nameIn(body, next.key)?.focus();
    if (chosen) useHistory.setState({ selection: chosen });
    if (event.key === 'Delete') onDelete(withOthers(job, jobs, selection));
    if (next || chosen || event.key === 'Delete') event.preventDefault();
  };
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <Head selection={selection} keys={keys} />
        <tbody ref={body} onKeyDown={onKeyDown}>
          {jobs.map((job, n) => (
            <HistoryRow
              key={job.key}
              job={job}
              when={whens[n] ?? ''}
              isReached={job.key === active}
              isSelected={selection.keys.has(job.key)}
              actions={actions}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const COLUMNS = [
  ['Result', styles.result],
  ['Job', undefined],
  ['Project', styles.project],
  ['When', styles.when],
  ['Took', `${styles.took} ${styles.number}`],
  ['Executor', styles.executor],
  ['Size', `${styles.bytes} ${styles.number}`],
] as const;

function Head({ selection, keys }: { readonly selection: Selection; readonly keys: readonly string[] }) {
  return (
    <thead>
      <tr>
        <td className={styles.box}>
          <input
            type="checkbox"
            aria-label="Select all jobs"
            checked={selection.keys.size > 0 && keys.every((key) => selection.keys.has(key))}
            ref={(box) => {
              if (box) box.indeterminate = selection.keys.size > 0 && keys.some((key) => !selection.keys.has(key));
            }}
            onChange={() => useHistory.setState({ selection: allOrNothing(selection, keys) })}
          />
        </td>
        {COLUMNS.map(([heading, className]) => (
          <th key={heading} scope="col" className={className}>
            {heading}
            {heading === 'When' && <span className={styles.beside}> · took</span>}
          </th>
        ))}
        <td className={styles.more} />
      </tr>
    </thead>
  );
}

/** Of the jobs that can be chosen: with the running one nothing can be done. */
function keysOf(jobs: readonly PastJob[]): readonly string[] {
  return jobs.filter(({ result }) => result !== 'running').map(({ key }) => key);
}

/** What Delete is about: all that is chosen, or the row where it was pressed. */
function withOthers(job: PastJob, jobs: readonly PastJob[], { keys }: Selection): readonly PastJob[] {
  const chosen = jobs.filter(({ key }) => keys.has(key));
  return chosen.length > 0 ? chosen : [job];
}

function useRowActions(now: {
  readonly keys: readonly string[];
  readonly onDelete: HistoryTableProps['onDelete'];
  readonly onSave: HistoryTableProps['onSave'];
}): RowActions {
  const latest = useRef(now);
  latest.current = now;
  return useMemo(
    () => ({
      reach: (key) => useHistory.setState({ reached: key }),
      toggle: (key) => useHistory.setState(({ selection }) => ({ selection: toggled(selection, key) })),
      choose(key, { shiftKey, ctrlKey, metaKey }) {
        const { keys } = latest.current;
        if (!(shiftKey || ctrlKey || metaKey) || !keys.includes(key)) return false;
        useHistory.setState(({ selection }) => ({
          selection: shiftKey ? extendedTo(selection, key, keys) : toggled(selection, key),
        }));
        return true;
      },
      remove: (job) => latest.current.onDelete([job]),
      save: (job) => latest.current.onSave(job),
    }),
    [],
  );
}

/** Rows that Page Up and Page Down go on. */
const PAGE = 12;

function placeAfter(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'PageDown':
      return Math.min(at + PAGE, count - 1);
    case 'PageUp':
      return Math.max(at - PAGE, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** What a key chooses; undefined where it is about something else. */
function chosenBy(
  { key, shiftKey, ctrlKey, metaKey }: KeyboardEvent,
  job: PastJob,
  next: PastJob | undefined,
  { selection, keys }: { readonly selection: Selection; readonly keys: readonly string[] },
): Selection | undefined {
  if (next && shiftKey) return extendedTo(selection.anchor ? selection : toggled(selection, job.key), next.key, keys);
  if (key === ' ') return keys.includes(job.key) ? toggled(selection, job.key) : selection;
  if (key.toLowerCase() === 'a' && (ctrlKey || metaKey)) return { keys: new Set(keys), anchor: keys[0] ?? '' };
  return key === 'Escape' ? NOTHING_SELECTED : undefined;
}

function nameIn(body: RefObject<HTMLTableSectionElement | null>, key: string): HTMLElement | null | undefined {
  return body.current?.querySelector<HTMLElement>(`[data-job="${CSS.escape(key)}"]`);
}
