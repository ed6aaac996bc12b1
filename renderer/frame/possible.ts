import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { comeBackLabel } from '../../shared/come-back.ts';

/** What can be done about an agent now. */
export interface Possible {
  readonly hasJob: boolean;
  readonly isStopping: boolean;
  /** It is there for jobs, so it may be sent away. */
  readonly canPause: boolean;
  /** What brings it back, or keeps it here, as it is called; undefined where nothing does. */
  readonly comeBack: string | undefined;
}

/** Which actions make sense now; keys, buttons and menus ask here alone. */
export function possible(snapshot: AgentSnapshot): Possible {
  const { status } = snapshot;
  const hasJob = 'job' in status && status.job !== undefined;
  return {
    hasJob,
    isStopping: status.state === 'stopping',
    canPause: ['connecting', 'idle', 'running', 'stopping', 'offline'].includes(status.state),
    comeBack: comeBackLabel(snapshot),
  };
}
