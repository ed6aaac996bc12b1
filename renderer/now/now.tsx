import { useEffect, useState } from 'react';
import { type AgentSnapshot, headline } from '../../shared/agent-snapshot.ts';
import type { Bridge } from '../bridge.ts';
import styles from './now.module.css';
import { useSnapshot } from './snapshot-store.ts';

/** The first thing one sees: what the agent is doing, and what can be done about it. */
export function Now({ bridge }: { readonly bridge: Bridge }) {
  const snapshot = useSnapshot((slice) => slice.snapshot);
  const now = useNow();
  if (!snapshot) return <main className={styles.now}>Connecting to the agent…</main>;
  const { first, second } = headline(snapshot, now);
  return (
    <main className={styles.now}>
      <header className={styles.header}>
        <span className={`${styles.lamp} ${styles[toneOf(snapshot)]}`} aria-hidden="true" />
        <div aria-live="polite">
          <h1 className={styles.first}>{first}</h1>
          <p className={styles.second}>{second}</p>
        </div>
        <Actions snapshot={snapshot} bridge={bridge} />
      </header>
    </main>
  );
}

function Actions({ snapshot, bridge }: { readonly snapshot: AgentSnapshot; readonly bridge: Bridge }) {
  const { status } = snapshot;
  const hasJob = 'job' in status && status.job !== undefined;
  const isAway = ['paused', 'stopped', 'needs-attention', 'pausing'].includes(status.state);
  return (
    <div className={styles.actions}>
      {isAway ? (
        <button type="button" onClick={() => bridge.command('resume', null)}>
          Resume
        </button>
      ) : (
        <button type="button" onClick={() => bridge.command('pause', null)}>
          {hasJob ? 'Pause after job' : 'Pause'}
        </button>
      )}
      <button
        type="button"
        disabled={!hasJob || status.state === 'stopping'}
        onClick={() => bridge.command('stopJob', null)}
      >
        Stop job
      </button>
    </div>
  );
}

/** Colour repeats what the words say; it never says anything alone. */
function toneOf({ status }: AgentSnapshot): 'green' | 'blue' | 'amber' | 'grey' | 'red' {
  switch (status.state) {
    case 'idle':
      return 'green';
    case 'running':
      return 'blue';
    case 'stopping':
    case 'pausing':
      return 'amber';
    case 'needs-attention':
    case 'not-configured':
      return 'red';
    default:
      return 'grey';
  }
}

/** The time, a second at a time, in ms since the Unix epoch. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
