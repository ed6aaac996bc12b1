import type { ClipboardEvent } from 'react';
import { useBridge } from '../bridge-context.ts';
import { counted } from '../ui/words.ts';
import styles from './first-run.module.css';
import { useFirstRun } from './first-run-store.ts';
import { Problem } from './problem.tsx';

const ANSWER_LIMIT_MS = 10_000;

/** Address and token. A pasted install snippet fills both; what is in it is read by main, and its token stays there. */
export function ConnectStep() {
  const bridge = useBridge();
  const { endpoint, token, hasToken, noHttps, test, known, problem, problemAt } = useFirstRun();
  const problemOf = (field: typeof problemAt) => (field === problemAt ? problem : '');
  const onPaste = async (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (!/\s/.test(text.trim())) return;
    event.preventDefault();
    const found = await bridge.request('parseSnippet', { text }, ANSWER_LIMIT_MS).catch(() => undefined);
    if (found?.endpoint) useFirstRun.setState({ endpoint: found.endpoint, noHttps: found.noHttps });
    if (found?.hasToken) useFirstRun.setState({ hasToken: true, token: '' });
  };
  return (
    <div className={styles.fields} onPaste={(event) => void onPaste(event)}>
      <p>Signalbox makes this computer an agent of your Semaphore organisation, so that your jobs run here.</p>
      <p className={styles.help}>
        In Semaphore, under Settings → Self-hosted agents, add an agent type. Paste its install instructions here, or
        type address and token.
      </p>
      <label className={styles.field}>
        <span>Hub address</span>
        <input
          type="text"
          placeholder="your-organisation.semaphoreci.com"
          spellCheck={false}
          value={endpoint}
          {...described('endpoint', problemOf('endpoint'))}
          onChange={({ target }) => useFirstRun.setState({ endpoint: target.value, test: undefined, problem: '' })}
        />
      </label>
      <Problem id="endpoint-problem" text={problemOf('endpoint')} />
      <label className={styles.field}>
        <span>Registration token</span>
        <input
          type="password"
          autoComplete="off"
          placeholder={hasToken ? '•••••••• is set' : ''}
          value={token}
          {...described('token', problemOf('token'))}
          onChange={({ target }) => useFirstRun.setState({ token: target.value, test: undefined, problem: '' })}
        />
      </label>
      <Problem id="token-problem" text={problemOf('token')} />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={noHttps}
          onChange={({ target }) => useFirstRun.setState({ noHttps: target.checked, test: undefined })}
        />
        Without TLS, for a hub within your own network
      </label>
      {known?.secretStore === 'none' && (
        <p className={styles.warning}>
          This system keeps no secrets: the token will be in your profile, readable for programs of yours.
        </p>
      )}
      <p className={styles.test} role="status">
        {test === 'running' && 'Asking the hub…'}
        {test && test !== 'running' && test.ok && (
          <span className={styles.fine}>
            {`✓ The hub takes this token${test.queue ? `; ${counted(test.queue.jobsQueued, 'job')} waiting` : ''}`}
          </span>
        )}
      </p>
    </div>
  );
}

/** What ties a field to what is wrong with it. */
function described(field: string, problem: string) {
  return problem === '' ? {} : { 'aria-invalid': true, 'aria-describedby': `${field}-problem` };
}
