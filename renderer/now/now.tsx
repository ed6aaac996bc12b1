import { useEffect, useState } from 'react';
import { type AgentSnapshot, headline } from '../../shared/agent-snapshot.ts';
import { markOf } from '../../shared/mark.ts';
import type { Bridge } from '../bridge.ts';
import { MarkPicture } from '../ui/mark-picture.tsx';
import { Actions } from './actions.tsx';
import { JobView } from './job-view.tsx';
import styles from './now.module.css';
import { useDesktop, useSnapshot } from './snapshot-store.ts';

/** The first thing one sees: what the agent is doing, and what can be done about it. */
export function Now({ bridge }: { readonly bridge: Bridge }) {
  const snapshot = useSnapshot((slice) => slice.snapshot);
  const hasTray = useDesktop((slice) => slice.hasTray);
  const now = useNow();
  if (!snapshot) return <main className={styles.now}>Connecting to the agent…</main>;
  return (
    <main className={styles.now}>
      <Headline snapshot={snapshot} now={now} bridge={bridge} />
      {snapshot.notice && (
        <Notice text={snapshot.notice.text} onDismiss={() => bridge.command('dismissNotice', null)} />
      )}
      {!hasTray && <p className={styles.hint}>This desktop has no tray: closing this window quits Signalbox.</p>}
      <JobView snapshot={snapshot} now={now} />
    </main>
  );
}

interface HeadlineProps {
  readonly snapshot: AgentSnapshot;
  readonly now: number;
  readonly bridge: Bridge;
}

function Headline({ snapshot, now, bridge }: HeadlineProps) {
  const { first, second, age } = headline(snapshot, now);
  return (
    <header className={styles.header}>
      <MarkPicture mark={markOf(snapshot.status.state)} size={36} />
      <div className={styles.words}>
        {/* The second line changes each second: only the state itself is spoken. */}
        <h1 className={styles.first} aria-live="polite">
          {first}
        </h1>
        <p className={styles.second}>{age ? `${second} · ${age}` : second}</p>
      </div>
      <Actions snapshot={snapshot} bridge={bridge} />
    </header>
  );
}

function Notice({ text, onDismiss }: { readonly text: string; readonly onDismiss: () => void }) {
  return (
    <div className={styles.notice} role="alert">
      <span>{text}</span>
      <button type="button" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
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
