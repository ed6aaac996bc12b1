import { type AgentSnapshot, clockTime, duration } from '../../shared/agent-snapshot.ts';
import type { Queue } from '../../shared/contract/queue.ts';
import { counted, exactTime } from '../ui/words.ts';
import styles from './now.module.css';
import { useFreshQueue } from './queue-store.ts';

/** How it stands with the hub: the queue of this agent's type, the last sync and the next one. */
export function ConnectionFacts({ snapshot, now }: { readonly snapshot: AgentSnapshot; readonly now: number }) {
  const { sync, status } = snapshot;
  const isOffline = status.state === 'offline';
  const queue = useFreshQueue(sync !== undefined && !isOffline);
  if (!sync) {
    return (
      <dl className={styles.connection}>
        <Fact term="Hub">not connected</Fact>
      </dl>
    );
  }
  return (
    <dl className={styles.connection}>
      <Fact term="Queue">{queue ? queueWords(queue) : 'not known'}</Fact>
      <Fact term="Last sync" title={exactTime(sync.lastAt)}>
        {lastSync(sync.lastAt, now, isOffline)}
      </Fact>
      {/* Who is offline reads in the headline when it tries again. */}
      {!isOffline && <Fact term="Next sync">{nextSync(sync.nextAt, now)}</Fact>}
    </dl>
  );
}

interface FactProps {
  readonly term: string;
  readonly title?: string | undefined;
  readonly children: string;
}

function Fact({ term, title, children }: FactProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd title={title}>{children}</dd>
    </div>
  );
}

function queueWords({ jobsQueued, jobsRunning }: Queue): string {
  return `${counted(jobsQueued, 'job')} waiting, ${jobsRunning} running`;
}

function lastSync(at: number, now: number, isOffline: boolean): string {
  return isOffline ? clockTime(at) : `${duration(now - at)} ago`;
}

function nextSync(at: number, now: number): string {
  return at > now ? `in ${duration(at - now)}` : 'now';
}
