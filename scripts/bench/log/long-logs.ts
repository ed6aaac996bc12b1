import { median } from '../measure.ts';
import { seconds } from '../table.ts';
import { type Bench, FRAMES_GOAL, framesText, row, windowMegabytes } from './bench.ts';
import { firstHit, openLog, scroll, wholeScan } from './in-page.ts';
import { LINE_BYTES, lineName } from './stored-log.ts';

const OPENINGS = 5;
const HITS = 5;
const SCROLL_MS = 10_000;
/** From the reader to the match that is looked for, in bytes; and from one of them to the next. */
const NEAR_BYTES = 19e6;
const NEXT_BYTES = 1e6;

interface Logs {
  /** Lines of the short log and of the long one. */
  readonly short: number;
  readonly long: number;
  /** Names of jobs with the long log whose index was lost. */
  readonly withoutIndex: readonly string[];
}

/** Past jobs: opened, scrolled and searched. */
export async function longLogs(bench: Bench, { short, long, withoutIndex }: Logs): Promise<void> {
  const { page } = bench;
  await openFromHistory(bench, 'Short', short);
  await page.evaluate(scroll, SCROLL_MS);
  const before = await windowMegabytes(bench);
  const openings: number[] = [];
  for (let n = 0; n < OPENINGS; n += 1) openings.push(await openFromHistory(bench, 'Long', long));
  row('opens, its end painted', seconds(median(openings) / 1e3), '≤ 300 ms');
  row('frames over a 10 s scroll, Electron', framesText(await page.evaluate(scroll, SCROLL_MS)), FRAMES_GOAL);
  const after = await windowMegabytes(bench);
  row(
    "window's private memory then (after 50 MB of log)",
    `${after.toFixed(0)} MB (${before.toFixed(0)} MB)`,
    '≤ 200 MB, the same',
  );
  await search(bench);
  await lostIndexes(bench, long, withoutIndex);
}

async function search({ page }: Bench): Promise<void> {
  const hits: number[] = [];
  for (let n = 0; n < HITS; n += 1) {
    await page.getByRole('log', { name: 'Log' }).press('Home');
    await page.keyboard.press('Control+f');
    const line = Math.floor((NEAR_BYTES - n * NEXT_BYTES) / LINE_BYTES);
    hits.push(await page.evaluate(firstHit, lineName(line)));
  }
  row(
    'first hit, 15 to 19 MB from the reader (slowest)',
    `${seconds(median(hits) / 1e3)} (${seconds(Math.max(...hits) / 1e3)})`,
    '≤ 200 ms',
  );
  const began = performance.now();
  await page.getByRole('textbox', { name: 'Search in the log' }).fill(lineName(123_456));
  await page.evaluate(wholeScan);
  row('the whole log searched', seconds((performance.now() - began) / 1e3), '≤ 5 s');
  await page.getByRole('textbox', { name: 'Search in the log' }).fill('');
}

async function lostIndexes(bench: Bench, lines: number, names: readonly string[]): Promise<void> {
  const ends: number[] = [];
  const began: number[] = [];
  for (const name of names) {
    began.push(performance.now());
    ends.push(await openFromHistory(bench, name, lines));
  }
  row('end of an old log without an index', seconds(median(ends) / 1e3), '≤ 300 ms');
  await bench.page.getByRole('log', { name: 'Log' }).waitFor();
  row('all of it, read through', seconds((performance.now() - (began.at(-1) ?? 0)) / 1e3));
}

async function openFromHistory({ page }: Bench, name: string, lines: number): Promise<number> {
  await page.keyboard.press('Control+3');
  await page.getByRole('button', { name, exact: true }).waitFor();
  return page.evaluate(openLog, { name, text: lineName(lines - 1) });
}
