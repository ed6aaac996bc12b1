import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import type { PastJob } from '../../shared/contract/history.ts';
import { useView } from '../frame/view-store.ts';
import { useHistory } from '../history/history-store.ts';
import { useFreshHistory } from '../history/use-fresh-history.ts';
import { Button } from '../ui/button.tsx';
import { Result } from '../ui/result.tsx';
import { dayAndTime, exactTime } from '../ui/words.ts';
import styles from './now.module.css';

/** So many of the past jobs are shown where nothing runs: what one can take in at a look. */
const SHOWN = 6;

/** What there is to see as long as this agent has run no job since it was started: those of an earlier time, or what is to come. */
export function NoJob({ snapshot, now }: { readonly snapshot: AgentSnapshot; readonly now: number }) {
  useFreshHistory();
  const jobs = useHistory(({ history }) => history?.jobs);
  if (jobs && jobs.length > 0) return <RecentJobs jobs={jobs.slice(0, SHOWN)} now={now} />;
  const isAway = snapshot.sync === undefined;
  return (
    <section className={styles.empty} aria-label="No job yet">
      <h2>No job yet</h2>
      <p>
        {isAway ? 'When it is connected, jobs' : 'Jobs'} that Semaphore gives to this computer appear here, with their
        commands and their log as it grows.
      </p>
    </section>
  );
}

function RecentJobs({ jobs, now }: { readonly jobs: readonly PastJob[]; readonly now: number }) {
  return (
    <section className={styles.recent} aria-label="Recent jobs">
      <header className={styles.recentTitle}>
        <h2>Recent jobs</h2>
        <Button look="link" onClick={() => useView.getState().show('history')}>
          All jobs
        </Button>
      </header>
      <ol>
        {jobs.map((job) => (
          <li key={job.key}>
            <Result result={job.result} />
            <Button look="link" onClick={() => useView.getState().openLog(job.key)}>
              {job.name}
            </Button>
            <span className={styles.recentProject}>{job.about?.project}</span>
            <span title={exactTime(job.startedAt)}>{dayAndTime(job.startedAt, now)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
