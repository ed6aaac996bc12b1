import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import type { Bridge } from '../bridge.ts';
import styles from './now.module.css';

/** What can be done about the agent's state. What cannot be done is greyed and says why. */
export function Actions({ snapshot, bridge }: { readonly snapshot: AgentSnapshot; readonly bridge: Bridge }) {
  const { status } = snapshot;
  const hasJob = 'job' in status && status.job !== undefined;
  const isConnected = !['stopped', 'needs-attention', 'not-configured'].includes(status.state);
  const canStop = hasJob && status.state !== 'stopping';
  return (
    <div className={styles.actions}>
      <ComeOrGo snapshot={snapshot} hasJob={hasJob} bridge={bridge} />
      <button
        type="button"
        disabled={!canStop}
        title={hasJob ? undefined : 'No job is running'}
        onClick={() => bridge.command('stopJob', null)}
      >
        Stop job
      </button>
      <button
        type="button"
        disabled={!isConnected}
        title={isConnected ? undefined : 'It is not connected'}
        onClick={() => bridge.command('disconnect', null)}
      >
        {hasJob ? 'Disconnect…' : 'Disconnect'}
      </button>
    </div>
  );
}

interface ComeOrGoProps {
  readonly snapshot: AgentSnapshot;
  readonly hasJob: boolean;
  readonly bridge: Bridge;
}

function ComeOrGo({ snapshot, hasJob, bridge }: ComeOrGoProps) {
  const resume = () => bridge.command('resume', null);
  switch (snapshot.status.state) {
    case 'paused':
    case 'pausing':
      return <Primary label="Resume" onClick={resume} />;
    case 'stopped':
    case 'needs-attention':
      return <Primary label="Connect" onClick={resume} />;
    case 'not-configured':
      return null;
    default:
      return (
        <button type="button" onClick={() => bridge.command('pause', { kind: 'until-resumed' })}>
          {hasJob ? 'Pause after job' : 'Pause'}
        </button>
      );
  }
}

function Primary({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className={styles.primary} onClick={onClick}>
      {label}
    </button>
  );
}
