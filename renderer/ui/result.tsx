import styles from './result.module.css';

const RESULTS: Readonly<Record<string, { readonly sign: string; readonly word: string }>> = {
  passed: { sign: '✓', word: 'Passed' },
  failed: { sign: '✗', word: 'Failed' },
  stopped: { sign: '■', word: 'Stopped' },
  lost: { sign: '?', word: 'Lost' },
  running: { sign: '▸', word: 'Running' },
};

/** How a job ended: a sign, a word and a colour, of which each says it alone. */
export function Result({ result }: { readonly result: string }) {
  const { sign, word } = RESULTS[result] ?? { sign: '?', word: result };
  return (
    <span className={`${styles.result} ${styles[result] ?? ''}`}>
      <span aria-hidden="true">{sign}</span> {word}
    </span>
  );
}
