import { describe, expect, it } from 'vitest';
import type { LogMatch, LogQuery, SearchProgress } from '../../../../shared/contract/log.ts';
import { visibleText } from '../../../../shared/terminal/terminal-line.ts';
import { LogIndex } from '../index/log-index.ts';
import type { EventBytes } from '../index/placed-events.ts';
import { createChance, randomLog } from '../index/random-log.ts';
import type { Block } from './block-text.ts';
import { Marks } from './marks.ts';
import { createMatcher, type Matcher } from './matcher.ts';
import { Search } from './search.ts';

const query = (text: string, over: Partial<LogQuery> = {}): LogQuery => ({
  text,
  matchesCase: false,
  wholeWord: false,
  isExpression: false,
  ...over,
});

/** A log of chance in blocks of chance. */
function logOf(seed: number, events: number): { texts: string[]; file: EventBytes; blocks: Block[] } {
  const { events: made, lines } = randomLog(seed, events);
  const index = new LogIndex();
  const written = made.map((event) => Buffer.from(`${JSON.stringify(event)}\n`));
  for (const [n, event] of made.entries()) index.add(event, written[n]?.length ?? 0, 0);
  const bytes = Buffer.concat(written);
  const places = index.checkpoints;
  const blocks = places.map(({ offset, line, isOpen }, n) => ({
    offset,
    line,
    isOpen,
    end: places[n + 1]?.offset ?? bytes.length,
  }));
  const file = {
    size: bytes.length,
    readAt: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
  };
  return { texts: lines.map(({ text }) => visibleText(text)), file, blocks };
}

/** The plain way of finding them. */
function plainMatches(texts: readonly string[], { expression }: Matcher): LogMatch[] {
  return texts.flatMap((text, line) =>
    [...text.matchAll(expression)]
      .filter(([found]) => found !== '')
      .map(({ index = 0, 0: found }) => ({ line, start: index, end: index + found.length })),
  );
}

function start(log: { file: EventBytes; blocks: Block[] }, what: LogQuery, near = 0) {
  const matcher = createMatcher(what);
  if (typeof matcher === 'string') throw new Error(matcher);
  const told: SearchProgress[] = [];
  const watcher = { onProgress: (progress: SearchProgress) => told.push(progress), onAlive: () => undefined };
  return { search: new Search(log, matcher, near, watcher), matcher, told };
}

describe('a search', () => {
  const queries: readonly LogQuery[] = [
    query('ERROR'),
    query('Error', { matchesCase: true }),
    query('x'),
    query('bro', { wholeWord: true }),
    query('漢字'),
    query('e[r ]+', { isExpression: true }),
    query('^\\s*$|e$', { isExpression: true }),
    query('nothing of it'),
  ];
  it.each(queries.map((one, n) => [one, n + 1] as const))('finds what the plain way finds: %j', async (what, seed) => {
    const log = logOf(seed, 1_500);
    const { search, matcher, told } = start(log, what, 300);
    await search.run();
    const wanted = plainMatches(log.texts, matcher);
    expect(told.at(-1)).toMatchObject({ matches: wanted.length, done: 1, problem: '' });
    expect(told.at(-1)?.marks.reduce((sum, one) => sum + one, 0)).toBe(wanted.length);
    expect(await search.matchesIn(100, 30)).toEqual(wanted.filter(({ line }) => line >= 100 && line < 130));
  });

  it.each([41, 42, 43])('goes from match to match in both directions, and round (seed %i)', async (seed) => {
    const log = logOf(seed, 700);
    const { search, matcher } = start(log, query('error'));
    const wanted = plainMatches(log.texts, matcher);
    await search.run();
    const chance = createChance(seed);
    for (let n = 0; n < 60; n += 1) {
      const from = { line: chance(log.texts.length), column: chance(20) };
      const isBehind = ({ line, start: at }: LogMatch) => line > from.line || (line === from.line && at >= from.column);
      const next = wanted.find(isBehind) ?? wanted[0];
      expect((await search.findMatch(from, 'next'))?.match).toEqual(next);
      const isBefore = ({ line, end }: LogMatch) => line < from.line || (line === from.line && end <= from.column);
      const previous = wanted.filter(isBefore).at(-1) ?? wanted.at(-1);
      const found = await search.findMatch(from, 'previous');
      expect(found?.match).toEqual(previous);
      expect(found?.ordinal).toBe(wanted.indexOf(previous as LogMatch) + 1);
    }
  });

  it('finds the nearest match before it has been through the log, and tells no wrong place among all', async () => {
    const log = logOf(5, 3_000);
    const { search, matcher } = start(log, query('error'), log.texts.length - 50);
    const wanted = plainMatches(log.texts, matcher);
    const from = { line: log.texts.length - 50, column: 0 };
    const found = await search.findMatch(from, 'next');
    expect(found?.match).toEqual(wanted.find(({ line }) => line >= from.line));
    expect(found?.ordinal).toBe(0);
  });

  it('reads nothing twice, however many look for its first match meanwhile', async () => {
    const log = logOf(8, 3_000);
    const bytesRead = async (look: (search: Search) => Promise<unknown>) => {
      let bytes = 0;
      const readAt = (offset: number, length: number) => {
        bytes += length;
        return log.file.readAt(offset, length);
      };
      await look(start({ ...log, file: { ...log.file, readAt } }, query('nothing of it')).search);
      return bytes;
    };
    const from = { line: 0, column: 0 };
    const alone = await bytesRead((search) => search.run());
    expect(await bytesRead((search) => Promise.all([search.run(), search.findMatch(from, 'next')]))).toBe(alone);
  });

  it('goes on in a log that grows', async () => {
    const whole = logOf(6, 2_000);
    const half = whole.blocks.length >> 1;
    const cut = whole.blocks.slice(0, half).map((block) => ({ ...block }));
    const log = { file: whole.file, blocks: cut };
    const { search, matcher, told } = start(log, query('error'));
    await search.run();
    const before = told.at(-1)?.matches ?? 0;
    expect(before).toBeGreaterThan(0);
    cut.push(...whole.blocks.slice(half));
    await search.run();
    expect(told.at(-1)?.matches).toBe(plainMatches(whole.texts, matcher).length);
    expect(told.at(-1)?.marks.reduce((sum, one) => sum + one, 0)).toBe(told.at(-1)?.matches);
  });

  it('tells nothing more once it was ended', async () => {
    const log = logOf(7, 1_000);
    const { search, told } = start(log, query('error'));
    const running = search.run();
    search.end();
    const before = told.length;
    await running;
    expect(told.length).toBe(before);
  });

  it.each(['(', '[z-a]', '*'])('says what is wrong with the expression %s', (text) => {
    expect(createMatcher(query(text, { isExpression: true }))).toMatch(/^Not a regular expression: \S/);
  });
});

describe('marks', () => {
  it('keep their number and their places, however many lines there are', () => {
    const marks = new Marks();
    for (let line = 0; line < 100_000; line += 10) marks.add(line);
    expect(marks.list.length).toBeLessThanOrEqual(1_024);
    expect(marks.list.reduce((sum, one) => sum + one, 0)).toBe(10_000);
    expect(marks.list.length * marks.linesPerMark).toBeGreaterThanOrEqual(99_990);
  });
});
