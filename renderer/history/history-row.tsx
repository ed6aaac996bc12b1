import { memo, type SyntheticEvent } from 'react';
import { duration } from '../../shared/agent-snapshot.ts';
import type { PastJob } from '../../shared/contract/history.ts';
import { useNow } from '../frame/use-now.ts';
import { useView } from '../frame/view-store.ts';
import { Button } from '../ui/button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { Result } from '../ui/result.tsx';
import { exactTime, fileSize } from '../ui/words.ts';
import styles from './history.module.css';

const EXECUTORS = { shell: 'Shell', containers: 'Containers', pod: 'Pod' } as const;

/** What a row lets its reader do. They stay the same ones, so that a row is drawn anew only when it has changed. */
export interface RowActions {
  readonly reach: (key: string) => void;
  /** How a click on a job's name chooses it; false where it opens its log instead. */
  readonly choose: (key: string, event: ChooseEvent) => boolean;
  readonly toggle: (key: string) => void;
  readonly remove: (job: PastJob) => void;
  readonly save: (job: PastJob) => void;
}

interface ChooseEvent {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

interface HistoryRowProps {
  readonly job: PastJob;
  /** When it began, for people. */
  readonly when: string;
  /** Tab comes to this row. */
  readonly isReached: boolean;
  readonly isSelected: boolean;
  readonly actions: RowActions;
}

/** Opens the log of a job: of the running one, as it grows. */
export function openLogOf({ key, result }: PastJob): void {
  useView.getState().openLog(result === 'running' ? '' : key);
}

/** One past job. */
export const HistoryRow = memo(({ job, when, isReached, isSelected, actions }: HistoryRowProps) => {
  const isRunning = job.result === 'running';
  const entries = [
    { label: 'Open log', choose: () => openLogOf(job) },
    { label: 'Save log as text…', choose: () => actions.save(job) },
    ...(isRunning ? [] : [{ label: 'Delete', choose: () => actions.remove(job) }]),
  ];
  const { project = '', ref = '' } = job.about ?? {};
  const source = [project, ref].filter(Boolean).join(' · ');
  const time = isRunning ? <TimeSince at={job.startedAt} /> : took(job);
  const reach = (event: SyntheticEvent) => {
    event.stopPropagation();
    actions.reach(job.key);
  };
  return (
    <tr onFocus={reach} className={isSelected ? styles.selected : undefined}>
      <td className={styles.box}>
        <input
          type="checkbox"
          aria-label={`Select “${job.name}”`}
          tabIndex={isReached ? 0 : -1}
          disabled={isRunning}
          checked={isSelected}
          onChange={() => actions.toggle(job.key)}
        />
      </td>
      <td>
        <Result result={job.result} />
      </td>
      <th scope="row" className={styles.name}>
        <Button
          look="link"
          data-job={job.key}
          tabIndex={isReached ? 0 : -1}
          title={`Open the log of “${job.name}”`}
          onClick={(event) => actions.choose(job.key, event) || openLogOf(job)}
        >
          {job.name}
        </Button>
        <span className={styles.source} title={source}>
          {source}
        </span>
      </th>
      <td className={styles.project} title={source}>
        {source}
      </td>
      <td title={exactTime(job.startedAt)}>
        {when}
        <span className={styles.below}>{time}</span>
      </td>
      <td className={`${styles.took} ${styles.number}`}>{time}</td>
      <td className={styles.executor}>{job.about ? EXECUTORS[job.about.executor] : ''}</td>
      <td className={`${styles.bytes} ${styles.number}`}>{fileSize(job.bytes)}</td>
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
});

/** Of a job whose agent went nobody knows. */
function took({ startedAt, endedAt }: PastJob): string {
  return endedAt === undefined ? '–' : duration(endedAt - startedAt);
}

function TimeSince({ at }: { readonly at: number }) {
  return duration(useNow() - at);
}
