import type { HookFile } from '../../shared/contract/hooks.ts';
import styles from './hooks.module.css';

const STATES: Readonly<Record<HookFile['state'], { readonly sign: string; readonly words: string }>> = {
  none: { sign: '–', words: 'None: nothing runs then' },
  missing: { sign: '✗', words: 'There is no such file' },
  'no-file': { sign: '✗', words: 'It is not a file' },
  unreadable: { sign: '✗', words: 'It cannot be read' },
  'not-executable': { sign: '✓', words: 'Found and readable; not executable, which it need not be' },
  fine: { sign: '✓', words: 'Found, readable and executable' },
};

/** What is with the file of a hook, and what its owner may not know of. */
export function HookState({ file: { state, owner, writableByOthers, sinceLastJob } }: { readonly file: HookFile }) {
  const { sign, words } = STATES[state];
  return (
    <div className={styles.facts}>
      <p className={sign === '✗' ? styles.problem : styles.state}>
        {`${sign} ${words}${owner === '' ? '' : ` · owned by ${owner}`}`}
        {sinceLastJob === 'same' && ' · as it was at the last job'}
      </p>
      {sinceLastJob === 'changed' && <p className={styles.warning}>! Changed since the last job</p>}
      {writableByOthers && <p className={styles.warning}>! Other users of this computer can change it</p>}
    </div>
  );
}
