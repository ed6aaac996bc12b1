import type { AgentStatus } from '../../shared/agent-snapshot.ts';
import { useSettings } from '../settings/settings-store.ts';
import styles from './now.module.css';
import { whatToDo } from './what-to-do.ts';

type Attention = Extract<AgentStatus, { state: 'needs-attention' }>;

/** What its owner does about an agent that needs them. */
export function NextSteps({ status }: { readonly status: Attention }) {
  const settings = useSettings((slice) => slice.settings?.settings) ?? [];
  return (
    <section className={styles.nextSteps} aria-labelledby="next-steps">
      <h2 id="next-steps">What to do</h2>
      <ol>
        {whatToDo(status, settings).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}
