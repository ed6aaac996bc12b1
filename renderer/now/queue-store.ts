import { useEffect } from 'react';
import { create } from 'zustand';
import type { Queue } from '../../shared/contract/queue.ts';
import { useBridge } from '../bridge-context.ts';

/** Often enough for people who look, rarely enough for a hub that many ask. In ms. */
const ASK_MS = 15_000;
const ANSWER_LIMIT_MS = 60_000;

/** How many jobs wait at the hub; null while nobody can say. */
export const useQueue = create<{ readonly queue: Queue | null }>()(() => ({ queue: null }));

/** Asks for the queue now and from time to time, as long as somebody looks. */
export function useFreshQueue(isConnected: boolean): Queue | null {
  const bridge = useBridge();
  useEffect(() => {
    if (!isConnected) return useQueue.setState({ queue: null });
    const ask = async () => {
      if (document.hidden) return;
      useQueue.setState({ queue: await bridge.request('queue', null, ANSWER_LIMIT_MS).catch(() => null) });
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => clearInterval(timer);
  }, [bridge, isConnected]);
  return useQueue((slice) => slice.queue);
}
