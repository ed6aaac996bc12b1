import type { Handlers } from '../../../../shared/contract/responder.ts';
import type { EventBytes } from '../index/placed-events.ts';
import type { Block } from './block-text.ts';
import { createMatcher, type Matcher } from './matcher.ts';
import { Search, type SearchWatcher } from './search.ts';
import type { SearchPlace, searchContract } from './search-contract.ts';

/** Words with which programs speak of what went wrong. */
const ERROR_WORDS =
  /\b(?:errors?|fail(?:s|ed|ure|ures)?|fatal|panic(?:ked)?|exception|traceback|not ok|cannot|unable to|no such file|not found)\b|✗|✘|✖|×/gi;
/** "0 errors" and "no failures" are none. */
const NO_ERROR = /\b(?:0|no|without)\s+(?:errors?|fail(?:ed|ures?|s)?)\b/gi;

export interface SearchSessionOptions extends SearchWatcher {
  /** Reads from the file with this descriptor. */
  readonly readAt: (descriptor: number, offset: number, length: number) => Promise<Buffer>;
}

/** What the thread of a search does: one log, and in it one search after another. */
export function createSearchSession(options: SearchSessionOptions): Handlers<typeof searchContract> {
  const log = new SearchedFile(options.readAt);
  let search: Search | undefined;
  let running = Promise.resolve();
  let isNextWaiting = false;
  /** One run after the other; what comes meanwhile, however much and often, is searched by the next one. */
  const runOn = () => {
    if (isNextWaiting) return;
    isNextWaiting = true;
    running = running.then(() => {
      isNextWaiting = false;
      return search?.run();
    });
  };
  const begin = (matcher: Matcher, near: number) => {
    search?.end();
    search = new Search(log, matcher, near, options);
    runOn();
  };
  return {
    requests: {
      findMatch: async ({ from, direction }) => (await search?.findMatch(from, direction)) ?? null,
      matchesIn: async ({ from, count }) => [...((await search?.matchesIn(from, count)) ?? [])],
      firstError: ({ from, to }) => firstError(log, from, to, options),
    },
    commands: {
      open: ({ descriptor, size, places }) => {
        log.open(descriptor, size, places);
        options.onAlive();
      },
      grew: ({ size, places }) => {
        log.grow(size, places);
        if (search) runOn();
      },
      search: ({ query, near }) => {
        const matcher = createMatcher(query);
        if (typeof matcher !== 'string') begin(matcher, near);
      },
      endSearch: () => {
        search?.end();
        search = undefined;
      },
    },
  };
}

async function firstError(log: SearchedFile, from: number, to: number, watcher: SearchWatcher) {
  const silent: SearchWatcher = { onProgress: () => undefined, onAlive: () => watcher.onAlive() };
  const errors = new Search(log, { expression: ERROR_WORDS, needsLines: false }, from, silent);
  const denials = new Search(log, { expression: NO_ERROR, needsLines: false }, from, silent);
  let place = { line: from, column: 0 };
  for (;;) {
    const found = await errors.findMatch(place, 'next', to);
    if (!found || found.match.line >= to || found.match.line < place.line) return null;
    const { line, end } = found.match;
    const denied = await denials.matchesIn(line, 1);
    if (!denied.some((denial) => denial.start < end && denial.end >= end)) return { line };
    place = { line, column: end };
  }
}

/** The file of a log that another thread writes or has opened. */
class SearchedFile {
  readonly blocks: Block[] = [];
  readonly file: EventBytes;
  private descriptor = -1;
  private size = 0;

  constructor(readAt: SearchSessionOptions['readAt']) {
    const size = () => this.size;
    this.file = {
      get size() {
        return size();
      },
      readAt: (offset, length) => readAt(this.descriptor, offset, length),
    };
  }

  open(descriptor: number, size: number, places: readonly SearchPlace[]): void {
    this.descriptor = descriptor;
    this.blocks.length = 0;
    this.grow(size, places);
  }

  grow(size: number, places: readonly SearchPlace[]): void {
    this.size = size;
    for (const [offset, line, isOpen] of places) {
      this.endLast(offset);
      this.blocks.push({ offset, end: offset, line, isOpen });
    }
    this.endLast(size);
  }

  private endLast(end: number): void {
    const last = this.blocks.pop();
    if (last) this.blocks.push({ ...last, end });
  }
}
