import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { useNow } from '../frame/use-now.ts';
import { TailBox } from '../ui/tail-box.tsx';
import { CommandList } from './command-list.tsx';
import { ConnectionFacts } from './connection-facts.tsx';
import { JobCard } from './job-card.tsx';
import { NextSteps } from './next-steps.tsx';
import { NoJob } from './no-job.tsx';
import styles from './now.module.css';
import { useTail } from './tail-store.ts';

/** What runs here now, or ran last: what it is, its commands, the end of its log. */
export function Now({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const job = useTail((slice) => slice.job);
  const now = useNow();
  return (
    <section className={styles.now} aria-label="Now">
      {snapshot.status.state === 'needs-attention' && <NextSteps status={snapshot.status} />}
      {job ? (
        <section className={styles.job} aria-label={job.end ? 'Last job' : 'Running job'}>
          <JobCard job={job} snapshot={snapshot} now={now} />
          <CommandList now={now} isOver={job.end !== undefined} />
          <Tail isOver={job.end !== undefined} />
        </section>
      ) : (
        <NoJob snapshot={snapshot} now={now} />
      )}
      <ConnectionFacts snapshot={snapshot} now={now} />
    </section>
  );
}

/** It is drawn anew with every piece of output, and nothing else is. */
function Tail({ isOver }: { readonly isOver: boolean }) {
  const tail = useTail((slice) => slice.tail);
  return <TailBox tail={tail} label="End of the log" className={styles.tailFrame} isOver={isOver} />;
}
