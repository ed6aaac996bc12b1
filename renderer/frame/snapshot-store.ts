import { create } from 'zustand';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';

interface SnapshotSlice {
  readonly snapshot: AgentSnapshot | undefined;
  /** Takes a snapshot unless a newer one is there: an answer and an event may cross. */
  take(snapshot: AgentSnapshot): void;
}

/** What the desktop around the app offers. */
export const useDesktop = create<{ readonly hasTray: boolean }>()(() => ({ hasTray: true }));

/** The newest snapshot, as it came: nothing of the agent is decided here. */
export const useSnapshot = create<SnapshotSlice>()((set) => ({
  snapshot: undefined,
  take: (snapshot) => set((slice) => ((slice.snapshot?.version ?? -1) > snapshot.version ? slice : { snapshot })),
}));
