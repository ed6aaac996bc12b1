// The suites of `npm test`, in their order. Each is a command; `count` says how its tests are counted from its exit code and
// its last lines. `check` are those that `npm run check` runs; `needs` are commands without which a suite cannot run;
// `only` names the platform of a suite that is for one.
import { closingLine, single, vitestSummary } from './counts.mjs';

const node = process.execPath;
const bin = (name) => `node_modules/.bin/${name}`;

/** Libraries and programs that the app's runtime needs, and those that make a desktop for it. */
const RUNTIME = ['libgtk-3.so.0', 'libnss3.so', 'libasound.so.2', 'libgbm.so.1'];
const DESKTOP = [...RUNTIME, 'libnotify.so.4', 'Xvfb', 'dbus-daemon', 'dbus-send'];

export const SUITES = [
  { name: 'format and lint', check: true, command: [bin('biome'), 'ci', '--error-on-warnings', '.'], count: single },
  { name: 'types', check: true, command: [bin('tsc'), '--noEmit'], count: single },
  { name: 'types of the app', check: true, command: [bin('tsc'), '--noEmit', '-p', 'renderer'], count: single },
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
    needs: RUNTIME,
    command: [node, 'scripts/electron/smoke.mjs'],
    count: closingLine,
  },
  {
    name: 'journeys',
    needs: DESKTOP,
    command: [node, 'scripts/electron/with-runtime.mjs', bin('vitest'), 'run', '--project', 'journeys'],
    count: vitestSummary,
  },
  { name: 'dogfood', needs: ['git'], command: [node, 'scripts/run.mjs', 'e2e/dogfood/main.ts'], count: closingLine },
];
