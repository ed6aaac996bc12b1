// The suites of `npm test`, in their order. Each is a command; `count` says how its tests are counted from its exit code and
// its last lines. `check` are those that `npm run check` runs; `needs` are commands without which a suite cannot run;
// `only` names the platform of a suite that is for one.
import { stripVTControlCharacters } from 'node:util';

const node = process.execPath;
const bin = (name) => `node_modules/.bin/${name}`;

/** A suite that is one test: it works, or it does not. */
const single = ({ code }) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** A suite that closes with `N passed, N failed, N skipped`. One that died before has failed. */
function closingLine({ code, lines }) {
  const match = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(lines.at(-1) ?? '');
  const [passed, failed, skipped] = match ? match.slice(1).map(Number) : [0, 1, 0];
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

/** Vitest's own summary: `Tests  2 failed | 480 passed | 1 skipped (483)`. */
function vitestSummary({ code, lines }) {
  const summary = lines.map(stripVTControlCharacters).find((line) => /^\s*Tests\s/.test(line)) ?? '';
  const number = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  const failed = number('failed');
  return { passed: number('passed'), failed: code !== 0 && failed === 0 ? 1 : failed, skipped: number('skipped') };
}

export const SUITES = [
  { name: 'format and lint', check: true, command: [bin('biome'), 'ci', '--error-on-warnings', '.'], count: single },
  { name: 'types', check: true, command: [bin('tsc'), '--noEmit'], count: single },
  { name: 'layers', check: true, command: [node, 'scripts/layers/main.mjs'], count: single },
  { name: 'dead code', check: true, command: [bin('knip'), '--no-config-hints'], count: single },
  { name: 'unit tests', check: true, command: [bin('vitest'), 'run', '--project', 'unit'], count: vitestSummary },
  {
    name: 'build',
    command: [node, 'node_modules/vite/bin/vite.js', 'build', '--app', '--logLevel', 'warn'],
    count: single,
  },
  { name: 'conformance', command: [node, 'scripts/run.mjs', 'e2e/conformance/main.ts'], count: closingLine },
  {
    name: "the app's Node",
    only: 'linux-x64',
    needs: ['libgtk-3.so.0', 'libnss3.so', 'libasound.so.2', 'libgbm.so.1'],
    command: [node, 'scripts/electron/smoke.mjs'],
    count: closingLine,
  },
  { name: 'journeys', command: [bin('vitest'), 'run', '--project', 'journeys'], count: vitestSummary },
  { name: 'dogfood', needs: ['git'], command: [node, 'scripts/run.mjs', 'e2e/dogfood/main.ts'], count: closingLine },
];
