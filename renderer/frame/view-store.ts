import { create } from 'zustand';

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
  show(view: ViewId): void;
  /** Shows the log of a job; empty for the newest. */
  openLog(job: string): void;
}

/** Which view is seen. */
export const useView = create<ViewSlice>()((set) => ({
  view: 'now',
  logJob: '',
  show: (view) => set({ view }),
  openLog: (logJob) => set({ view: 'log', logJob }),
}));
