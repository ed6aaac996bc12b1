import { expect, it } from 'vitest';
import { NO_LINES, unfinishedLine } from '../ui/tail-lines.ts';
import { useHookTests } from './hook-tests-store.ts';

const NAME = 'pre-job-hook-path';
const shown = () => useHookTests.getState().tests[NAME];
const lines = () => shown()?.tail.lines.map(({ kind, raw }) => `${kind}: ${raw}`);

it('keeps what a hook writes, until it is tried again', () => {
  const { begin, take, end } = useHookTests.getState();
  take({ name: NAME, text: 'of nothing that was begun', skipped: 0 });
  expect(shown()).toBeUndefined();
  begin(NAME, 1_000);
  take({ name: NAME, text: 'one\ntw', skipped: 0 });
  take({ name: NAME, text: 'o\n', skipped: 0 });
  take({ name: NAME, text: 'th', skipped: 1_200 });
  expect(lines()).toEqual(['output: one', 'output: two', 'skipped: 1,200 characters of output not shown here']);
  expect(unfinishedLine(shown()?.tail ?? NO_LINES)?.text).toBe('th');
  const run = { outcome: 'ended', exitCode: 3, tookMs: 5, problem: '' } as const;
  end(NAME, run);
  expect(shown()?.end).toEqual(run);
  begin(NAME, 2_000);
  expect(shown()).toMatchObject({ startedAt: 2_000, end: undefined, tail: { lines: [] } });
});
