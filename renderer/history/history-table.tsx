import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { duration } from '../../shared/agent-snapshot.ts';
import type { PastJob } from '../../shared/contract/history.ts';
import { useNow } from '../frame/use-now.ts';
import { useView } from '../frame/view-store.ts';
import { Button } from '../ui/button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { Result } from '../ui/result.tsx';
import { dayAndTime, exactTime, fileSize } from '../ui/words.ts';
import styles from './history.module.css';

interface HistoryTableProps {
  readonly jobs: readonly PastJob[];
  readonly onDelete: (jobs: readonly PastJob[]) => void;
  readonly onSave: (job: PastJob) => void;
}

const NUMBER = styles.number ?? '';
const COLUMNS = [
  ['Result', styles.result],
  ['Job', undefined],
  ['Project', styles.project],
  ['When', styles.when],
  ['Took', `${styles.took} ${NUMBER}`],
  ['Executor', styles.executor],
  ['Size', `${styles.bytes} ${NUMBER}`],
] as const;

/** Jobs in rows. Tab comes to one of them, arrows go from one to the next, Enter opens the log, Delete deletes. */
export function HistoryTable({ jobs, onDelete, onSave }: HistoryTableProps) {
  const now = useNow();
  const [reached, setReached] = useState('');
  const body = useRef<HTMLTableSectionElement>(null);
  const hasLostFocus = useRef(false);
  const active = jobs.some(({ key }) => key === reached) ? reached : jobs[0]?.key;
  // A row that was deleted by its own keys leaves them to the next one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is a row that goes or comes
  useEffect(() => {
    if (hasLostFocus.current) body.current?.querySelector<HTMLElement>('[data-job][tabindex="0"]')?.focus();
    hasLostFocus.current = false;
  }, [jobs.length]);
  const remove = (job: PastJob) => {
    const at = jobs.indexOf(job);
    setReached((jobs[at + 1] ?? jobs[at - 1])?.key ?? '');
    hasLostFocus.current = true;
    onDelete([job]);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const names = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-job]')];
    const at = names.indexOf(event.target as HTMLElement);
    const job = jobs[at];
    if (!job) return;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (next !== undefined) names[next]?.focus();
    else if (event.key === 'Delete' && job.result !== 'running') remove(job);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {COLUMNS.map(([heading, className]) => (
              <th key={heading} scope="col" className={className}>
                {heading}
              </th>
            ))}
            <td className={styles.more} />
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {jobs.map((job) => (
            <Row
              key={job.key}
              job={job}
              now={now}
              isReached={job.key === active}
              onReached={() => setReached(job.key)}
              onDelete={() => remove(job)}
              onSave={onSave}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const EXECUTORS = { shell: 'Shell', containers: 'Containers', pod: 'Pod' } as const;

interface RowProps {
  readonly job: PastJob;
  readonly now: number;
  /** Tab comes to this row. */
  readonly isReached: boolean;
  readonly onReached: () => void;
  readonly onDelete: () => void;
  readonly onSave: HistoryTableProps['onSave'];
}

function Row({ job, now, isReached, onReached, onDelete, onSave }: RowProps) {
  const open = () => useView.getState().openLog(job.result === 'running' ? '' : job.key);
  const entries = [
    { label: 'Open log', choose: open },
    { label: 'Save log as text…', choose: () => onSave(job) },
    ...(job.result === 'running' ? [] : [{ label: 'Delete', choose: onDelete }]),
  ];
  const { project = '', ref = '' } = job.about ?? {};
  return (
    <tr onFocus={onReached}>
      <td>
        <Result result={job.result} />
      </td>
      <th scope="row" className={styles.name}>
        <Button
          look="link"
          data-job={job.key}
          tabIndex={isReached ? 0 : -1}
          title={`Open the log of “${job.name}”`}
          onClick={open}
        >
          {job.name}
        </Button>
      </th>
      <td className={styles.project} title={[project, ref].filter(Boolean).join(' · ')}>
        {[project, ref].filter(Boolean).join(' · ')}
      </td>
      <td title={exactTime(job.startedAt)}>{dayAndTime(job.startedAt, now)}</td>
      <td className={`${styles.took} ${NUMBER}`}>
        {job.endedAt === undefined ? '–' : duration(job.endedAt - job.startedAt)}
      </td>
      <td className={styles.executor}>{job.about ? EXECUTORS[job.about.executor] : ''}</td>
      <td className={`${styles.bytes} ${NUMBER}`}>{fileSize(job.bytes)}</td>
      <td className={styles.more}>
        <MenuButton
          label={`More about “${job.name}”`}
          entries={entries}
          className={styles.dots}
          isReachable={isReached}
        >
          <span aria-hidden="true">⋯</span>
        </MenuButton>
      </td>
    </tr>
  );
}
