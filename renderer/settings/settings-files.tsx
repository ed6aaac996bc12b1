import { useState } from 'react';
import type { Bridge } from '../bridge.ts';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import styles from './settings.module.css';

const DIALOG_LIMIT_MS = 3_600_000;

/** Settings from a file and into one: the YAML that agents on the command line take. */
export function SettingsFiles() {
  const bridge = useBridge();
  const [outcome, setOutcome] = useState('');
  const [withToken, setWithToken] = useState(false);
  const run = async (act: () => Promise<string>) =>
    setOutcome(await act().catch((error: unknown) => (error instanceof Error ? error.message : 'It failed')));
  return (
    <section className={styles.section} aria-label="Settings as a file">
      <h3>Settings as a file</h3>
      <p className={styles.about}>The YAML that signalbox start --config-file takes, and Semaphore’s own agent too.</p>
      <p className={styles.row}>
        <Button onClick={() => void run(() => importFrom(bridge))}>Import…</Button>
        <Button onClick={() => void run(() => exportTo(bridge, 'signalbox', withToken))}>Export…</Button>
        <Button onClick={() => void run(() => exportTo(bridge, 'reference-agent', withToken))}>
          Export for Semaphore’s agent…
        </Button>
      </p>
      <label className={styles.check}>
        <input type="checkbox" checked={withToken} onChange={({ target }) => setWithToken(target.checked)} />
        With the registration token: the file is then a secret itself
      </label>
      <p role="status">{outcome}</p>
    </section>
  );
}

async function importFrom(bridge: Bridge): Promise<string> {
  const { outcome, problems } = await bridge.request('importSettings', null, DIALOG_LIMIT_MS);
  if (outcome === 'cancelled') return '';
  if (outcome === 'saved') return 'Imported.';
  return `Nothing was imported. ${problems.map(({ name, problem }) => (name ? `${name}: ${problem}` : problem)).join(' ')}`;
}

async function exportTo(bridge: Bridge, reader: 'signalbox' | 'reference-agent', withToken: boolean): Promise<string> {
  const { outcome, path, leftOut, problem } = await bridge.request(
    'exportSettings',
    { withToken, reader },
    DIALOG_LIMIT_MS,
  );
  if (outcome === 'cancelled') return '';
  if (outcome === 'failed') return problem;
  return `Written to ${path}.${leftOut.length > 0 ? ` Left out: ${leftOut.join(', ')}.` : ''}`;
}
