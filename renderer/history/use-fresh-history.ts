import { useEffect } from 'react';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { useBridge } from '../bridge-context.ts';
import { useSnapshot } from '../frame/snapshot-store.ts';
import { useHistory } from './history-store.ts';

const ANSWER_LIMIT_MS = 60_000;

/** Asks for the history now, and again whenever it may have changed. */
export function useFreshHistory(): void {
  const bridge = useBridge();
  const moment = useSnapshot(({ snapshot }) => snapshot && momentOf(snapshot));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a job that begins or ends is what makes it old
  useEffect(() => {
    let isWanted = true;
    void bridge
      .request('history', null, ANSWER_LIMIT_MS)
      .catch(() => null)
      .then((history) => isWanted && useHistory.setState({ history }));
    return () => {
      isWanted = false;
    };
  }, [bridge, moment]);
}

/** Changes when the history may have: a job begins or ends, or there is an agent to ask. */
function momentOf({ status, lastJob }: AgentSnapshot): string {
  return [status.state, 'job' in status ? status.job?.id : '', lastJob?.id, lastJob?.endedAt].join(' ');
}
