// How the tests of a suite are counted, from its exit code and its last lines.
import { stripVTControlCharacters } from 'node:util';

/** A suite that is one test: it works, or it does not. */
export const single = ({ code }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** A suite that closes with `N passed, N failed, N skipped`. One that died before has failed. */
export function closingLine({ code, lines }) {
  const match = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(lines.at(-1) ?? '');
  const [passed, failed, skipped] = match ? match.slice(1).map(Number) : [0, 1, 0];
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

/** Vitest's own summary: `Tests  2 failed | 480 passed | 1 skipped (483)`. Without one nothing is known: that is a failure. */
export function vitestSummary({ code, lines }) {
  const summary = lines.map(stripVTControlCharacters).find((line) => /^\s*Tests\s/.test(line)) ?? '';
  const number = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  const failed = number('failed');
  const broken = code !== 0 || summary === '';
  return {
    passed: number('passed'),
    failed: broken && failed === 0 ? 1 : failed,
    skipped: number('skipped') + number('todo'),
  };
}
