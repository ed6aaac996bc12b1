import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';

/** What can be done about an agent now. */
export interface Possible {
  readonly hasJob: boolean;
  readonly isStopping: boolean;
  /** The one of these that makes sense; `set-up`: none before somebody has set it up. */
  readonly comeOrGo: 'pause' | 'resume' | 'connect' | 'set-up';
}

export function possible({ status }: AgentSnapshot): Possible {
  const hasJob = 'job' in status && status.job !== undefined;
  return { hasJob, isStopping: status.state === 'stopping', comeOrGo: comeOrGo(status.state) };
}

function comeOrGo(state: AgentSnapshot['status']['state']): Possible['comeOrGo'] {
  switch (state) {
    case 'paused':
    case 'pausing':
      return 'resume';
    case 'stopped':
    case 'needs-attention':
      return 'connect';
    case 'not-configured':
      return 'set-up';
    default:
      return 'pause';
  }
}
