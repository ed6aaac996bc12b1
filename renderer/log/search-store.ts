import { create } from 'zustand';
import type { LogMatch, LogQuery, SearchProgress, TextPlace } from '../../shared/contract/log.ts';
import { logCaller } from './log-caller.ts';

const LIMIT_MS = 60_000;
/** Matches are had for so many lines at once. */
const PAGE = 256;
const KEPT_PAGES = 16;

interface SearchSlice {
  readonly query: LogQuery;
  readonly progress: SearchProgress | undefined;
  /** What is wrong with the query, or why the search was given up. */
  readonly problem: string;
  readonly current: LogMatch | undefined;
  /** The place of the current match among all, from 1; 0 while that is not known. */
  readonly ordinal: number;
  /** Matches by pages of lines. */
  readonly pages: ReadonlyMap<number, readonly LogMatch[]>;
  change(query: Partial<LogQuery>, near: number): void;
  /** Its field has the keys: the search will begin at once. */
  prepare(): void;
  /** The same search, in another log. */
  again(): void;
  clear(): void;
  takeProgress(progress: SearchProgress): void;
  /** Goes to a match. `from`: where to look from when there is no current one. */
  go(direction: 'next' | 'previous', from: TextPlace): Promise<LogMatch | undefined>;
  /** Sees to it that the matches of some lines are here. */
  want(from: number, to: number): void;
}

const NO_QUERY: LogQuery = { text: '', matchesCase: false, wholeWord: false, isExpression: false };
const NOTHING = { progress: undefined, problem: '', current: undefined, ordinal: 0, pages: new Map<number, never>() };

/** Counts searches: what comes of an older one is passed over. */
let search = 0;
const asked = new Set<number>();

/** The search in the log that the view shows. */
export const useSearch = create<SearchSlice>()((set, get) => ({
  query: NO_QUERY,
  ...NOTHING,
  change(change, near) {
    const query = { ...get().query, ...change };
    set({ query, ...NOTHING });
    search += 1;
    asked.clear();
    const own = search;
    if (query.text === '') {
      logCaller()?.command('endSearch', null);
      return;
    }
    void logCaller()
      ?.request('search', { query, near }, LIMIT_MS)
      .then(({ problem }) => {
        if (own === search) set({ problem });
      })
      .catch(() => undefined);
  },
  prepare: () => logCaller()?.command('prepareSearch', null),
  again: () => get().query.text !== '' && get().change({}, 0),
  clear: () => get().change({ text: '' }, 0),
  takeProgress(progress) {
    if (get().query.text === '') return;
    const grew = progress.matches !== get().progress?.matches && get().progress?.done === 1;
    // In a log that grows, what was the last page may have more of them.
    if (grew) asked.clear();
    set({ progress, problem: progress.problem });
    if (progress.done === 1) void countCurrent();
  },
  async go(direction, from) {
    const { current, query } = get();
    const own = search;
    if (query.text === '') return undefined;
    const at = current && { line: current.line, column: direction === 'next' ? current.end : current.start };
    const answer = await logCaller()
      ?.request('findMatch', { from: at ?? from, direction }, LIMIT_MS)
      .catch(() => null);
    if (!answer || own !== search) return undefined;
    set({ current: answer.match, ordinal: answer.ordinal });
    return answer.match;
  },
  want(from, to) {
    const { query, progress } = get();
    if (query.text === '' || !progress || progress.matches === 0) return;
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page += 1) {
      if (asked.has(page)) continue;
      asked.add(page);
      const own = search;
      void logCaller()
        ?.request('matchesIn', { from: page * PAGE, count: PAGE }, LIMIT_MS)
        .then((matches) => {
          if (own === search) set(({ pages }) => ({ pages: withPage(pages, page, matches) }));
        })
        .catch(() => asked.delete(page));
    }
  },
}));

/** The place of the current match among all can be told when all have been counted. */
async function countCurrent(): Promise<void> {
  const { current, ordinal } = useSearch.getState();
  if (!current || ordinal > 0) return;
  const from = { line: current.line, column: current.start };
  const answer = await logCaller()
    ?.request('findMatch', { from, direction: 'next' }, LIMIT_MS)
    .catch(() => null);
  if (answer && useSearch.getState().current === current) useSearch.setState({ ordinal: answer.ordinal });
}

function withPage(pages: SearchSlice['pages'], page: number, matches: readonly LogMatch[]): SearchSlice['pages'] {
  const next = new Map(pages).set(page, matches);
  for (const oldest of next.keys()) {
    if (next.size <= KEPT_PAGES) break;
    next.delete(oldest);
    asked.delete(oldest);
  }
  return next;
}

/** The matches in one line. */
export function matchesOfLine(pages: SearchSlice['pages'], line: number): readonly LogMatch[] {
  const page = pages.get(Math.floor(line / PAGE));
  return page?.filter((match) => match.line === line) ?? [];
}
