import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { markOf } from '../../shared/mark.ts';
import { MarkPicture } from '../ui/mark-picture.tsx';
import styles from './frame.module.css';
import { ViewIcon } from './icons.tsx';
import { possible } from './possible.ts';
import { isMac } from './shortcuts.ts';
import { useView, VIEWS } from './view-store.ts';

/** The views, and whose agent this is. */
export function Sidebar({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const { view: shown, show } = useView();
  const modifier = isMac() ? '⌘' : 'Ctrl+';
  return (
    <aside className={styles.sidebar} aria-label="Signalbox">
      <p className={styles.brand}>
        <MarkPicture mark={markOf('idle')} size={18} />
        <span>Signalbox</span>
      </p>
      <nav className={styles.views} aria-label="Views">
        {VIEWS.map(({ id, label }, n) => (
          <button
            key={id}
            type="button"
            className={styles.view}
            title={`${label} (${modifier}${n + 1})`}
            aria-current={id === shown ? 'page' : undefined}
            onClick={() => show(id)}
          >
            <ViewIcon view={id} />
            <span className={styles.viewName}>{label}</span>
            {id === 'now' && possible(snapshot).hasJob && (
              <span className={styles.dot} role="img" aria-label="a job is here" />
            )}
          </button>
        ))}
      </nav>
      <Whose snapshot={snapshot} />
    </aside>
  );
}

function Whose({ snapshot: { endpoint, agentName, practice } }: { readonly snapshot: AgentSnapshot }) {
  if (agentName === '' && endpoint === '') return null;
  return (
    <p className={styles.whose} title={`${agentName} at ${endpoint}`}>
      <span>{practice ? 'Practice hub' : endpoint.replace(/\.semaphoreci\.com$/, '')}</span>
      <span>{agentName}</span>
    </p>
  );
}
