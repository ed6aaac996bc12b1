import { create } from 'zustand';
import type { History, PastJob } from '../../shared/contract/history.ts';
import { fileSize } from '../ui/words.ts';
import { NOTHING_SELECTED, type Selection } from './selection.ts';

/** What of the history is shown. */
export interface HistoryFilter {
  readonly result: PastJob['result'] | 'all';
  readonly text: string;
}

/** Everything is shown. */
export const NO_FILTER: HistoryFilter = { result: 'all', text: '' };

interface HistorySlice {
  /** Undefined before the first answer; null while there is no agent that could give one. */
  readonly history: History | null | undefined;
  readonly filter: HistoryFilter;
  readonly selection: Selection;
  /** The job to which Tab comes. */
  readonly reached: string;
  /** Jobs that were just deleted and can still be had back. */
  readonly deleted: readonly PastJob[];
  /** Why the last log could not be saved; empty otherwise. */
  readonly problem: string;
}

/** Past jobs as the window lists them: what main told, and what its reader chose. */
export const useHistory = create<HistorySlice>()(() => ({
  history: undefined,
  filter: NO_FILTER,
  selection: NOTHING_SELECTED,
  reached: '',
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

/** Which job is the neighbour of those that go: the next one, or where there is none the one before. */
export function neighbourOf(jobs: readonly PastJob[], gone: readonly PastJob[]): string {
  const at = jobs.findIndex((job) => gone.includes(job));
  const next = jobs.slice(at).find((job) => !gone.includes(job)) ?? jobs[at - 1];
  return next?.key ?? '';
}

/** What past jobs take of the disk space that is theirs. */
export function spaceTaken({ bytes, budgetBytes }: History): string {
  const taken = `${fileSize(bytes)} of ${fileSize(budgetBytes)}`;
  return bytes > budgetBytes ? `${taken}, over the limit: the oldest go next` : taken;
}
