import styles from './first-run.module.css';
import { useFirstRun } from './first-run-store.ts';

/** What keeps one from going on, spoken at once; what happened in detail, for who asks. */
export function Problem({ id, text }: { readonly id?: string; readonly text: string }) {
  const detail = useFirstRun((slice) => slice.problemDetail);
  if (text === '') return null;
  return (
    <div className={styles.problem}>
      <p id={id} role="alert">
        {text}
      </p>
      {detail !== '' && (
        <details>
          <summary>Details</summary>
          <code>{detail}</code>
        </details>
      )}
    </div>
  );
}
