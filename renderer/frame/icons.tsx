import type { ViewId } from './view-store.ts';

/** Of 16 units, drawn with a stroke. */
const PATHS: Readonly<Record<ViewId, string>> = {
  now: 'M1.5 8h3l2-5 3 10 2-5h3',
  log: 'M2 3.5h12M2 6.5h8M2 9.5h10M2 12.5h6',
  history: 'M8 4.5V8l2.5 1.5M2 8a6 6 0 1 0 2-4.5M2 2v2.5h2.5',
  settings: 'M2 5h5M11 5h3M2 11h3M9 11h5M9 3v4M7 9v4',
};

/** The picture beside the name of a view. */
export function ViewIcon({ view }: { readonly view: ViewId }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor">
      <path d={PATHS[view]} strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
