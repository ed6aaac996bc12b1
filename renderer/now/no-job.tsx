import { type AgentSnapshot, duration } from '../../shared/agent-snapshot.ts';
import { Result } from '../ui/result.tsx';
import { dayAndTime } from '../ui/words.ts';
import styles from './now.module.css';

/** What there is to see before this agent has run a job: the last one of an earlier time, or what is to come. */
export function NoJob({ snapshot, now }: { readonly snapshot: AgentSnapshot; readonly now: number }) {
  const { lastJob } = snapshot;
  return (
    <section className={styles.empty} aria-label="No job yet">
      {lastJob ? (
        <p>
          {`Last job: ${lastJob.name} · `}
          <Result result={lastJob.result} />
          {` in ${duration(lastJob.endedAt - lastJob.startedAt)} · ${dayAndTime(lastJob.endedAt, now)}`}
        </p>
      ) : (
        <>
          <h2>No job yet</h2>
          <p>Jobs that Semaphore gives to this computer appear here, with their commands and their log as it grows.</p>
        </>
      )}
    </section>
  );
}
