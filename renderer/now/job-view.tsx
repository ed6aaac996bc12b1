import { type AgentSnapshot, duration } from '../../shared/agent-snapshot.ts';
import { CommandList } from './command-list.tsx';
import styles from './now.module.css';
import { useTail } from './tail-store.ts';
import { TailView } from './tail-view.tsx';

/** The job that runs, or the last one: what it is, its commands, the end of its log. */
export function JobView({ snapshot, now }: { readonly snapshot: AgentSnapshot; readonly now: number }) {
  const job = useTail((slice) => slice.job);
  if (!job) return <NoJob snapshot={snapshot} />;
  const took = duration((job.end?.at ?? now) - job.startedAt);
  return (
    <section className={styles.job} aria-label={job.end ? 'Last job' : 'Running job'}>
      <p className={styles.jobLine}>
        <strong>{job.name}</strong>
        {job.end ? <Result result={job.end.result} took={took} /> : <span>{took}</span>}
        <span className={styles.agentName}>{`${snapshot.agentName} · ${snapshot.endpoint}`}</span>
      </p>
      <CommandList now={now} />
      <TailView />
    </section>
  );
}

function Result({ result, took }: { readonly result: string; readonly took: string }) {
  const { word, tone } = RESULTS[result] ?? { word: result, tone: undefined };
  return (
    <span>
      <span className={tone}>{word}</span>
      {` · took ${took}`}
    </span>
  );
}

const RESULTS: Readonly<Record<string, { readonly word: string; readonly tone: string | undefined }>> = {
  passed: { word: '✓ passed', tone: styles.passed },
  failed: { word: '✗ failed', tone: styles.failed },
  stopped: { word: '■ stopped', tone: styles.stopped },
};

function NoJob({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const isThere = snapshot.agentName !== '';
  return (
    <section className={styles.empty} aria-label="No job yet">
      <p>No job to show yet.</p>
      <p>Jobs that Semaphore gives to this computer appear here, with their commands and their log as it grows.</p>
      {isThere && <p className={styles.agentName}>{`${snapshot.agentName} · ${snapshot.endpoint}`}</p>}
    </section>
  );
}
