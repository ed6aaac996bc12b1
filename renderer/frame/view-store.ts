import { create } from 'zustand';
import type { Destination } from '../../shared/contract/views.ts';

/** The views of the window, in the order of the sidebar and of their keys. */
export const VIEWS = [
  { id: 'now', label: 'Now' },
  { id: 'log', label: 'Log' },
  { id: 'history', label: 'History' },
  { id: 'settings', label: 'Settings' },
] as const;
export type ViewId = (typeof VIEWS)[number]['id'];

interface ViewSlice {
  readonly view: ViewId;
  /** The job whose log the log view shows; empty for the newest. */
  readonly logJob: string;
  /** Of logs that is always the newest one. */
  show(view: ViewId): void;
  /** The line of that log that was asked for, from 0; another object each time when somebody asks. */
  readonly logLine: { readonly line: number } | undefined;
  /** Shows the log of a job, empty for the newest, and a line of it. */
  openLog(job: string, line?: number): void;
  /** Shows what somebody outside of the window asks for. */
  go(destination: Destination): void;
}

/** Which view is seen. */
export const useView = create<ViewSlice>()((set, get) => ({
  view: 'now',
  logJob: '',
  logLine: undefined,
  show: (view) => set(view === 'log' ? { view, logJob: '', logLine: undefined } : { view }),
  openLog: (logJob, line) => set({ view: 'log', logJob, logLine: line === undefined ? undefined : { line } }),
  go: ({ view, log }) => (log ? get().openLog(log.job, log.line) : get().show(view)),
}));
