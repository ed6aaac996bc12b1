import { create } from 'zustand';
import type { History, PastJob } from '../../shared/contract/history.ts';

/** What of the history is shown. */
export interface HistoryFilter {
  readonly result: PastJob['result'] | 'all';
  readonly text: string;
}

interface HistorySlice {
  /** Undefined before the first answer; null while there is no agent that could give one. */
  readonly history: History | null | undefined;
  readonly filter: HistoryFilter;
  /** Jobs that were just deleted and can still be had back. */
  readonly deleted: readonly PastJob[];
  /** Why the last log could not be saved; empty otherwise. */
  readonly problem: string;
}

export const useHistory = create<HistorySlice>()(() => ({
  history: undefined,
  filter: { result: 'all', text: '' },
  deleted: [],
  problem: '',
}));

/** The jobs that the filter lets through; every word of its text must be somewhere in what one knows a job by. */
export function filtered(jobs: readonly PastJob[], { result, text }: HistoryFilter): readonly PastJob[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return jobs.filter((job) => {
    if (result !== 'all' && job.result !== result) return false;
    const { project = '', ref = '', commit = '', pipeline = '' } = job.about ?? {};
    const known = [job.name, project, ref, commit, pipeline, job.id].join('\n').toLowerCase();
    return words.every((word) => known.includes(word));
  });
}
