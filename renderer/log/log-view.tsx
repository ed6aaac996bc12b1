import { TailView } from '../now/tail-view.tsx';
import styles from './log-view.module.css';

/** The log of a job, or with an empty id that of the newest one. */
export function LogView({ job: _job }: { readonly job: string }) {
  return (
    <section className={styles.log} aria-label="Log">
      <TailView />
    </section>
  );
}
