import { type AgentSnapshot, headline } from '../../shared/agent-snapshot.ts';
import { markOf } from '../../shared/mark.ts';
import { MarkPicture } from '../ui/mark-picture.tsx';
import { Actions } from './actions.tsx';
import styles from './frame.module.css';
import { useNow } from './use-now.ts';

/** The first thing one sees: what the agent is doing, and what can be done about it. */
export function Headline({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const { first, second, age } = headline(snapshot, useNow());
  const whole = isTrouble(snapshot) ? styles.whole : '';
  const line = age ? `${second} · ${age}` : second;
  return (
    <header className={styles.header}>
      <MarkPicture mark={markOf(snapshot.status.state)} size={32} />
      <div className={styles.words}>
        <h1 className={`${styles.first} ${whole}`} title={first}>
          {first}
        </h1>
        <p className={`${styles.second} ${whole}`} title={line}>
          {line}
        </p>
      </div>
      <Actions snapshot={snapshot} />
    </header>
  );
}

/** What went wrong is read to its end; how a job goes on is not worth a second line. */
function isTrouble({ status }: AgentSnapshot): boolean {
  if (status.state === 'idle') return status.lacks !== undefined;
  return ['needs-attention', 'connecting', 'offline'].includes(status.state);
}

/** Speaks a new state once. The second line changes each second and is left to the eye. */
export function Announcer({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  // Of a state only the first line is spoken, and that has nothing that grows old.
  const { first } = headline(snapshot, Date.now());
  return (
    <p className={styles.spoken} role="status">
      {first}
    </p>
  );
}
