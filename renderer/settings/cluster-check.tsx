import { useState } from 'react';
import { type Examination, findingLines } from '../../shared/examination.ts';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import styles from './settings.module.css';
import { useSettings } from './settings-store.ts';

/** As long as the check itself has, and its process to begin. In ms. */
const LIMIT_MS = 60_000;

/** Says whether the cluster is there and the agent has the rights in it that jobs need. `names`: the settings it goes by. */
export function ClusterCheck({ names }: { readonly names: readonly string[] }) {
  const bridge = useBridge();
  const isEdited = useSettings(({ draft }) => names.some((name) => draft[name] !== undefined));
  const isOn = useSettings(
    ({ settings }) => settings?.settings.find(({ name }) => name === 'kubernetes-executor')?.value === true,
  );
  const [outcome, setOutcome] = useState<Examination | 'running' | 'failed' | undefined>();
  const check = async () => {
    setOutcome('running');
    setOutcome(await bridge.request('checkCluster', null, LIMIT_MS).catch(() => 'failed' as const));
  };
  return (
    <section className={styles.section} aria-label="Cluster">
      <h3>Cluster</h3>
      <p className={styles.about}>
        Where it is stands in <code>SEMAPHORE_KUBECONFIG</code>, <code>KUBECONFIG</code> or <code>~/.kube/config</code>.
      </p>
      <Button
        unavailable={cannotCheck({ isEdited, isOn, isRunning: outcome === 'running' })}
        onClick={() => void check()}
      >
        Check
      </Button>
      {outcome && <Outcome outcome={outcome} />}
    </section>
  );
}

interface Hindrances {
  readonly isEdited: boolean;
  readonly isOn: boolean;
  readonly isRunning: boolean;
}

function cannotCheck({ isEdited, isOn, isRunning }: Hindrances): string | undefined {
  if (isEdited) return 'Save it first: what is saved is what is checked';
  if (!isOn) return 'Jobs do not run in pods';
  return isRunning ? 'It is being looked at' : undefined;
}

function Outcome({ outcome }: { readonly outcome: Examination | 'running' | 'failed' }) {
  if (outcome === 'running' || outcome === 'failed')
    return (
      <p className={outcome === 'failed' ? styles.problem : styles.state} role="status">
        {outcome === 'failed' ? 'It could not be looked at. Try once more.' : 'Asking the cluster…'}
      </p>
    );
  return (
    <div role="status">
      {findingLines(outcome.findings).map((line) => (
        <p key={line} className={outcome.canRunJobs ? styles.state : styles.problem}>
          {line}
        </p>
      ))}
    </div>
  );
}
