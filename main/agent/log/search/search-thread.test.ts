import { beforeEach, describe, expect, it } from 'vitest';
import type { LogQuery, SearchProgress } from '../../../../shared/contract/log.ts';
import { createResponder, type Responder } from '../../../../shared/contract/responder.ts';
import { FakeClock } from '../../platform/fake-clock.ts';
import { LogIndex } from '../index/log-index.ts';
import { searchContract } from './search-contract.ts';
import { SearchThread, type StartThread } from './search-thread.ts';

/** A thread in which a test says what happens. */
interface Scripted {
  readonly agent: Responder<typeof searchContract>;
  readonly searched: string[];
  isEnded: boolean;
}

let clock: FakeClock;
let threads: Scripted[];
let told: SearchProgress[];
let search: SearchThread;

beforeEach(() => {
  clock = new FakeClock();
  threads = [];
  told = [];
  const log = { file: { descriptor: 3, size: 10 }, index: new LogIndex() };
  search = new SearchThread(log, start, clock, (progress) => told.push(progress));
});

const start: StartThread = () => {
  let toThread: (message: unknown) => void = () => undefined;
  let toAgent: (message: unknown) => void = () => undefined;
  let onClosed: () => void = () => undefined;
  const searched: string[] = [];
  const thread: Scripted = {
    searched,
    isEnded: false,
    agent: createResponder(
      searchContract,
      {
        send: (message) => toAgent(message),
        onMessage: (receiver) => {
          toThread = receiver;
        },
        onClose: () => undefined,
      },
      {
        requests: {
          findMatch: () => (searched.includes('slow') ? new Promise(() => undefined) : Promise.resolve(null)),
          matchesIn: async () => [],
          firstError: async () => null,
        },
        commands: {
          open: () => undefined,
          grew: () => undefined,
          search: ({ query }) => void searched.push(query.text),
          endSearch: () => undefined,
        },
      },
      () => undefined,
    ),
  };
  threads.push(thread);
  return {
    wire: {
      send: (message) => toThread(message),
      onMessage: (receiver) => {
        toAgent = receiver;
      },
      onClose: (receiver) => {
        onClosed = receiver;
      },
    },
    end: () => {
      thread.isEnded = true;
      onClosed();
    },
  };
};

const query = (text: string): LogQuery => ({ text, matchesCase: false, wholeWord: false, isExpression: true });
const progress = (done: number): SearchProgress => ({ matches: 0, done, marks: [], linesPerMark: 1, problem: '' });
const begins = (thread = threads.at(-1)) => thread?.agent.emit('searched', progress(0));

describe('a thread that searches', () => {
  it('is ended when an expression takes too long in it, and the search says so', async () => {
    search.search(query('slow'), 0);
    begins();
    await clock.advance(1_999);
    expect(threads[0]?.isEnded).toBe(false);
    await clock.advance(1);
    expect(threads[0]?.isEnded).toBe(true);
    expect(told.at(-1)?.problem).toMatch(/takes too long/);
  });

  it('may take as long as it likes while it gives signs of life, and ends when nobody needs it', async () => {
    search.search(query('long'), 0);
    begins();
    for (let n = 0; n < 20; n += 1) {
      await clock.advance(1_500);
      threads[0]?.agent.emit('alive', null);
    }
    threads[0]?.agent.emit('searched', progress(1));
    await clock.advance(600_000);
    expect(threads[0]?.isEnded).toBe(false);
    search.endSearch();
    await clock.advance(30_000);
    expect(threads[0]?.isEnded).toBe(true);
    expect(told.at(-1)?.problem).toBe('');
  });

  it('is not waited for by the next search when it is silent', async () => {
    search.search(query('slow'), 0);
    begins();
    await clock.advance(600);
    search.search(query('next'), 0);
    expect(threads[0]?.isEnded).toBe(true);
    expect(threads[1]?.searched).toEqual(['next']);
  });

  it('leaves what waited behind a slow expression to another one, with its questions', async () => {
    search.search(query('slow'), 0);
    begins();
    search.search(query('next'), 0);
    const found = search.findMatch({ line: 0, column: 0 }, 'next');
    await clock.advance(2_000);
    expect(threads.map(({ searched }) => searched)).toEqual([['slow', 'next'], ['next']]);
    expect(await found).toBeNull();
    begins();
    threads[1]?.agent.emit('searched', progress(1));
    expect(told.at(-1)).toEqual(progress(1));
  });

  it('is watched in a log that grows, too', async () => {
    search.search(query('slow'), 0);
    begins();
    threads[0]?.agent.emit('searched', progress(1));
    for (let n = 0; n < 50; n += 1) {
      search.grew();
      await clock.advance(50);
    }
    expect(threads[0]?.isEnded).toBe(true);
    expect(told.at(-1)?.problem).toMatch(/takes too long/);
  });

  it('gets more time to start than an expression gets', async () => {
    search.prepare();
    search.search(query('x'), 0);
    await clock.advance(19_999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told.at(-1)?.problem).toMatch(/does not start/);
  });
});
