import { useDeferredValue, useId, useMemo } from 'react';
import type { History, PastJob } from '../../shared/contract/history.ts';
import { useBridge } from '../bridge-context.ts';
import { counted, fileSize } from '../ui/words.ts';
import styles from './history.module.css';
import { Deleted, Selected } from './history-bars.tsx';
import { filtered, neighbourOf, useHistory } from './history-store.ts';
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
  const bridge = useBridge();
  const { history, filter } = useHistory();
  const all = useMemo(() => filtered(history?.jobs ?? [], filter), [history, filter]);
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
  if (history === undefined) return <section className={styles.history} aria-label="History" />;
  if (history === null) return <Nothing>Past jobs can be seen as soon as the agent runs.</Nothing>;
  return (
    <section className={styles.history} aria-label="History">
      <Toolbar history={history} shown={all.length} />
      {shown.length > 0 ? (
        <HistoryTable jobs={shown} onDelete={remove} onSave={save} />
      ) : (
        <p className={styles.nothing}>
          {history.jobs.length > 0
            ? 'No job here is like that.'
            : 'No job has run here yet. Those that do stay here with their log.'}
        </p>
      )}
      <Selected jobs={shown} onDelete={remove} />
      <Deleted />
    </section>
  );
}

function takeDeletion(history: History, deleted: readonly PastJob[], reached: string): void {
  useHistory.setState({ history, deleted, reached, selection: NOTHING_SELECTED, problem: '' });
  // What cannot be had back any more is not offered any more.
  setTimeout(() => useHistory.setState((slice) => (slice.deleted === deleted ? { deleted: [] } : slice)), UNDO_MS);
}

function Nothing({ children }: { readonly children: string }) {
  return (
    <section className={styles.history} aria-label="History">
      <p className={styles.nothing}>{children}</p>
    </section>
  );
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
      <span className={styles.size}>{`${count} · ${fileSize(history.bytes)} of ${fileSize(history.budgetBytes)}`}</span>
    </div>
  );
}
