import type { AgentSnapshot } from './agent-snapshot.ts';

/**
 * What brings the agent back, or takes back what it is about to do, by the words of its button and its item in the tray's menu;
 * all of it is the wish to resume. Undefined where there is nothing of the kind: it is here, or new settings come first.
 */
export function comeBackLabel({ status, afterJob, pause }: AgentSnapshot): string | undefined {
  switch (status.state) {
    case 'paused':
      return 'Resume';
    case 'stopped':
      return 'Connect';
    case 'needs-attention':
      return 'Try again';
    case 'pausing':
      if (afterJob === 'quit') return 'Don’t quit';
      if (afterJob === 'reconnect') return pause && 'Cancel pause';
      if (status.disconnects) return status.job ? 'Stay connected' : 'Connect';
      return status.job ? 'Cancel pause' : 'Resume';
    default:
      return undefined;
  }
}
