import type { PastJob } from '../../shared/contract/history.ts';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import { counted, fileSize } from '../ui/words.ts';
import styles from './history.module.css';
import { useHistory } from './history-store.ts';
import { NOTHING_SELECTED } from './selection.ts';

const ANSWER_LIMIT_MS = 60_000;

interface SelectedProps {
  /** Those that are shown: what the filter hides is not touched. */
  readonly jobs: readonly PastJob[];
  readonly onDelete: (jobs: readonly PastJob[]) => void;
}

/** What can be done with the jobs that are chosen. */
export function Selected({ jobs, onDelete }: SelectedProps) {
  const { keys } = useHistory((slice) => slice.selection);
  const chosen = jobs.filter(({ key }) => keys.has(key));
  if (chosen.length === 0) return null;
  const bytes = chosen.reduce((sum, job) => sum + job.bytes, 0);
  return (
    <div className={styles.bar}>
      <span role="status">{`${counted(chosen.length, 'job')} selected · ${fileSize(bytes)}`}</span>
      <Button onClick={() => useHistory.setState({ selection: NOTHING_SELECTED })}>Clear selection</Button>
      <Button onClick={() => onDelete(chosen)}>Delete</Button>
    </div>
  );
}

/** What was deleted, and the way back; or why something did not work. */
export function Deleted() {
  const bridge = useBridge();
  const { deleted, problem } = useHistory();
  const restore = async () => {
    const keys = deleted.map(({ key }) => key);
    const all = await bridge.request('restorePastJobs', { keys }, ANSWER_LIMIT_MS).catch(() => undefined);
    const back = all
      ? { history: all, reached: keys[0] ?? '' }
      : { problem: 'They did not come back: the agent does not answer' };
    useHistory.setState({ deleted: [], ...back });
  };
  return (
    <div className={deleted.length > 0 || problem !== '' ? styles.bar : undefined}>
      <span role="status">
        {problem !== '' && <span className={styles.problem}>{problem} </span>}
        {deleted.length === 1 && `“${deleted[0]?.name}” is deleted`}
        {deleted.length > 1 && `${counted(deleted.length, 'job')} deleted`}
      </span>
      {deleted.length > 0 && <Button onClick={() => void restore()}>Undo</Button>}
    </div>
  );
}
