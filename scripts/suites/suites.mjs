// The suites of `npm test`, in their order. Each is a command; `count` says how its tests are counted from its exit code and
// its last lines. `check` are those that `npm run check` runs; `needs` are commands without which a suite cannot run;
// `only` names the platform of a suite that is for one; `root`: it needs root's rights.
import { closingLine, single, vitestSummary } from './counts.mjs';

const node = process.execPath;
const bin = (name) => `node_modules/.bin/${name}`;

/** Runs a command with a container engine of its own. */
const withEngine = (...command) => [node, 'scripts/run.mjs', 'e2e/engine/main.ts', ...command];

/** The cases of a kind that were given to us, and those that we recorded besides. */
const recorded = (kind) => `--folder e2e/cases/${kind} --folder e2e/cases/${kind}-more`;

/** Libraries and programs that the app's runtime needs, those that make a desktop for it, and those of a container engine. */
const RUNTIME = ['libgtk-3.so.0', 'libnss3.so', 'libasound.so.2', 'libgbm.so.1'];
const ENGINE = ['dockerd', 'docker', 'iptables', 'busybox'];
/** What makes the pods of the stand-in for a cluster. */
const CLUSTER = ['setpriv', 'unshare', 'nsenter', 'openssl'];
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
    name: 'serve cases',
    command: [node, ...`scripts/run.mjs e2e/conformance/main.ts ${recorded('serve')}`.split(' ')],
    count: closingLine,
  },
  {
    name: 'soak',
    // 300 of each by itself (`npm run soak`).
    command: [node, 'scripts/run.mjs', 'e2e/soak/main.ts', '--runs', '20'],
    count: closingLine,
  },
  {
    name: 'containers',
    needs: ENGINE,
    root: true,
    command: withEngine(bin('vitest'), 'run', '--project', 'engine'),
    count: vitestSummary,
  },
  {
    name: 'docker cases',
    needs: ENGINE,
    root: true,
    // One after another: each looks at what is left at the engine.
    command: withEngine(
      node,
      ...`scripts/run.mjs e2e/conformance/main.ts ${recorded('docker')} --parallel 1`.split(' '),
    ),
    count: closingLine,
  },
  {
    name: 'pods',
    needs: CLUSTER,
    root: true,
    command: [bin('vitest'), 'run', '--project', 'cluster'],
    count: vitestSummary,
  },
  {
    name: 'pod cases',
    needs: CLUSTER,
    root: true,
    command: [
      ...[node, 'scripts/run.mjs', 'e2e/cluster/main.ts', node, 'scripts/run.mjs', 'e2e/conformance/main.ts'],
      ...['--folder', 'e2e/cases/kubernetes/cases', '--except', 'e2e/cluster/real-only.json'],
    ],
    count: closingLine,
  },
  {
    name: "the app's Node",
    only: 'linux-x64',
    needs: RUNTIME,
    command: [node, 'scripts/electron/smoke.mjs'],
    count: closingLine,
  },
  {
    name: 'stories',
    needs: ['chromium'],
    command: [bin('vitest'), 'run', '--project', 'stories'],
    count: vitestSummary,
  },
  {
    name: 'journeys',
    needs: DESKTOP,
    command: [node, 'scripts/electron/with-runtime.mjs', bin('vitest'), 'run', '--project', 'journeys'],
    count: vitestSummary,
  },
  {
    name: 'app and containers',
    needs: [...DESKTOP, ...ENGINE],
    root: true,
    command: [node, 'scripts/electron/with-runtime.mjs', bin('vitest'), 'run', '--project', 'container journeys'],
    count: vitestSummary,
  },
  {
    name: 'app and keyring',
    needs: [...DESKTOP, 'gnome-keyring-daemon', 'libsecret-1.so.0'],
    command: [node, 'scripts/electron/with-runtime.mjs', bin('vitest'), 'run', '--project', 'keyring journeys'],
    count: vitestSummary,
  },
  { name: 'dogfood', needs: ['git'], command: [node, 'scripts/run.mjs', 'e2e/dogfood/main.ts'], count: closingLine },
];
