import { useDeferredValue, useId, useMemo } from 'react';
import type { History, PastJob } from '../../shared/contract/history.ts';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import { counted } from '../ui/words.ts';
import styles from './history.module.css';
import { Deleted, Selected } from './history-bars.tsx';
import { filtered, NO_FILTER, neighbourOf, spaceTaken, useHistory } from './history-store.ts';
import { HistoryTable } from './history-table.tsx';
import { NOTHING_SELECTED } from './selection.ts';
import { useFreshHistory } from './use-fresh-history.ts';

const ANSWER_LIMIT_MS = 60_000;
/** More than any window shows. */
const FIRST_ROWS = 60;
/** So long a deletion can be undone, less what the way there takes. In ms. */
const UNDO_MS = 55_000;
/** A dialog of main's may be open as long as its reader likes. In ms. */
const SAVE_LIMIT_MS = 3_600_000;

/** Past jobs on this machine: to be found, read and deleted. */
export function HistoryView() {
  useFreshHistory();
  const history = useHistory((slice) => slice.history);
  return (
    <section className={styles.history} aria-label="History">
      {history ? (
        <PastJobs history={history} />
      ) : (
        <p className={styles.nothing}>
          {history === null ? 'Past jobs can be seen as soon as the agent runs.' : READING}
        </p>
      )}
    </section>
  );
}

const READING = 'Reading past jobs…';

function PastJobs({ history }: { readonly history: History }) {
  const bridge = useBridge();
  const filter = useHistory((slice) => slice.filter);
  const all = useMemo(() => filtered(history.jobs, filter), [history, filter]);
  // What is typed, and the first rows, wait for no thousand others.
  const shown = useDeferredValue(all, all.slice(0, FIRST_ROWS));
  const remove = async (jobs: readonly PastJob[]) => {
    const keys = jobs.filter(({ result }) => result !== 'running').map(({ key }) => key);
    if (keys.length === 0) return;
    const reached = neighbourOf(shown, jobs);
    const left = await bridge.request('deletePastJobs', { keys }, ANSWER_LIMIT_MS).catch(() => undefined);
    if (left) takeDeletion(left, jobs, reached);
    else useHistory.setState({ problem: 'Nothing was deleted: the agent does not answer' });
  };
  const save = async ({ key, name }: PastJob) => {
    const log = { job: key, name: name.slice(0, 200) };
    const answer = await bridge
      .request('saveLog', log, SAVE_LIMIT_MS)
      .catch(() => ({ problem: 'The log was not saved' }));
    useHistory.setState({ problem: answer.problem });
  };
  return (
    <>
      <Toolbar history={history} shown={all.length} />
      {shown.length > 0 ? (
        <HistoryTable jobs={shown} onDelete={remove} onSave={save} />
      ) : (
        <Nothing isFiltered={history.jobs.length > 0} isDrawing={all.length > 0} />
      )}
      <Selected jobs={shown} onDelete={remove} />
      <Deleted />
    </>
  );
}

function Nothing({ isFiltered, isDrawing }: { readonly isFiltered: boolean; readonly isDrawing: boolean }) {
  if (isDrawing) return <p className={styles.nothing}>{READING}</p>;
  if (!isFiltered) {
    return <p className={styles.nothing}>No job has run here yet. Those that do stay here with their log.</p>;
  }
  return (
    <div className={styles.nothing}>
      <p>No job matches.</p>
      <Button onClick={() => useHistory.setState({ filter: NO_FILTER })}>Clear filter</Button>
    </div>
  );
}

function takeDeletion(history: History, deleted: readonly PastJob[], reached: string): void {
  useHistory.setState({ history, deleted, reached, selection: NOTHING_SELECTED, problem: '' });
  // What cannot be had back any more is not offered any more.
  setTimeout(() => useHistory.setState((slice) => (slice.deleted === deleted ? { deleted: [] } : slice)), UNDO_MS);
}

const RESULTS = [
  ['all', 'All results'],
  ['passed', 'Passed'],
  ['failed', 'Failed'],
  ['stopped', 'Stopped'],
  ['lost', 'Lost'],
] as const;

function Toolbar({ history, shown }: { readonly history: History; readonly shown: number }) {
  const { filter } = useHistory();
  const id = useId();
  const count =
    shown === history.jobs.length ? counted(shown, 'job') : `${shown} of ${counted(history.jobs.length, 'job')}`;
  return (
    <div className={styles.toolbar}>
      <h2 className={styles.title}>History</h2>
      <input
        type="search"
        aria-label="Filter by job, project, branch or commit"
        placeholder="Job, project, branch, commit"
        value={filter.text}
        onChange={({ target }) => useHistory.setState({ filter: { ...filter, text: target.value } })}
      />
      <select
        id={id}
        aria-label="Result"
        value={filter.result}
        onChange={({ target }) =>
          useHistory.setState({ filter: { ...filter, result: target.value as typeof filter.result } })
        }
      >
        {RESULTS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <span className={styles.size}>{`${count} · ${spaceTaken(history)}`}</span>
    </div>
  );
}
