import type { AgentSnapshot, AgentStatus } from '../../shared/agent-snapshot.ts';
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
  const [title, line] = whyNone(snapshot.status);
  return (
    <section className={styles.empty}>
      {title !== '' && (
        <>
          <h2>{title}</h2>
          <p>{line}</p>
        </>
      )}
    </section>
  );
}

const CHECK_NETWORK = 'check this computer’s network, and the hub address in Settings → Connection.';

/** Why there is nothing to see, and what comes of that; nothing where its owner is told what to do already. */
function whyNone(status: AgentStatus): readonly [title: string, line: string] {
  switch (status.state) {
    case 'needs-attention':
      return ['', ''];
    case 'connecting':
      return ['No jobs before it is connected', `Signalbox keeps trying. If that goes on, ${CHECK_NETWORK}`];
    case 'offline':
      return [
        'No jobs while the hub cannot be reached',
        `Signalbox keeps trying, and tries at once when the network is back. If that goes on, ${CHECK_NETWORK}`,
      ];
    case 'paused':
      return ['No jobs while it is paused', 'Jobs wait at Semaphore, or go to other agents, until you resume.'];
    case 'stopped':
      return ['No jobs while it is disconnected', 'Jobs wait at Semaphore, or go to other agents, until you connect.'];
    default:
      return [
        'No job yet',
        'Jobs that Semaphore gives to this computer appear here, with their commands and their log as it grows.',
      ];
  }
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
