import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { PAUSE_CHOICES } from '../../shared/pause.ts';
import type { Bridge } from '../bridge.ts';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import { MenuButton, type MenuEntry } from '../ui/menu-button.tsx';
import styles from './frame.module.css';
import { possible } from './possible.ts';
import { useView } from './view-store.ts';

/** What can be done about the agent's state. What cannot be done is greyed and says why. */
export function Actions({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const bridge = useBridge();
  const { status } = snapshot;
  const { hasJob, isStopping, canPause, comeBack } = possible(snapshot);
  const needsAttention = status.state === 'needs-attention';
  // What only takes back what was just chosen, or tries again what failed, is not what most people want here.
  const look = status.state === 'pausing' || needsAttention ? 'plain' : 'primary';
  return (
    <div className={styles.actions}>
      {needsAttention && (
        <Button look="primary" onClick={() => useView.getState().show('settings')}>
          Open Settings
        </Button>
      )}
      {canPause && <PauseButton hasJob={hasJob} bridge={bridge} />}
      {comeBack !== undefined && (
        <Button look={look} onClick={() => bridge.command('resume', null)}>
          {comeBack}
        </Button>
      )}
      {!needsAttention && (
        <Button
          unavailable={hasJob ? (isStopping ? 'The job is being stopped' : undefined) : 'No job is running'}
          onClick={() => bridge.command('stopJob', null)}
        >
          {isStopping ? 'Stopping…' : 'Stop job…'}
        </Button>
      )}
    </div>
  );
}

function PauseButton({ hasJob, bridge }: { readonly hasJob: boolean; readonly bridge: Bridge }) {
  const entries: MenuEntry[] = [
    ...PAUSE_CHOICES.map(({ label, form }) => ({ label, choose: () => bridge.command('pause', form) })),
    'separator',
    { label: hasJob ? 'Disconnect…' : 'Disconnect', choose: () => bridge.command('disconnect', null) },
  ];
  return (
    <span className={styles.split}>
      <Button onClick={() => bridge.command('pause', { kind: 'until-resumed' })}>
        {hasJob ? 'Pause after job' : 'Pause'}
      </Button>
      <MenuButton label="More ways to pause" entries={entries}>
        <span aria-hidden="true">▾</span>
      </MenuButton>
    </span>
  );
}
