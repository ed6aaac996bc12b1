// Which code may import what. A path names a process; dependencies flow one way. A package must be classified here before
// it is imported at all.

/** Every npm package that source code imports, and where it can run: anywhere, under Node, in a page, in Electron, in tests. */
export const PACKAGES = {
  zod: 'std',
  zustand: 'dom',
  react: 'dom',
  'react-dom': 'dom',
  '@lydell/node-pty': 'node',
  'electron-log': 'node',
  aws4: 'node',
  dockerode: 'node',
  jose: 'node',
  pngjs: 'node',
  shlex: 'std',
  'tar-stream': 'node',
  undici: 'node',
  ws: 'node',
  '@kubernetes/client-node': 'node',
  'write-file-atomic': 'node',
  yaml: 'node',
  electron: 'electron',
  'axe-core': 'test',
  vitest: 'test',
  playwright: 'test',
  '@electron/fuses': 'test',
  vite: 'test',
  '@jellybrick/dbus-next': 'test',
};

/**
 * Layers, the most special first: the first whose folder holds a file is the file's. `layers`: ours that may be imported,
 * `typesOnly`: those of which only types may; `testLayers`: those that its tests may besides; `kinds`: of packages and of Node's own modules (`node`); `packages`: single
 * ones on top.
 */
export const LAYERS = [
  {
    name: 'shared',
    folder: 'shared/',
    layers: [],
    kinds: ['std'],
    hint: 'shared is for what two processes use today, and runs anywhere: plain TypeScript and zod',
  },
  {
    name: 'practice',
    folder: 'main/practice/',
    layers: ['shared', 'wire'],
    testLayers: ['agent'], // Its tests let the agent's own hub client talk to it.
    kinds: ['std', 'node'],
    hint: 'of the agent, the practice hub may know the wire only (main/agent/hub/wire.ts)',
  },
  {
    name: 'wire',
    folder: 'main/agent/hub/wire.ts',
    layers: ['shared'],
    kinds: ['std'],
    hint: 'the wire is schemas only',
  },
  {
    name: 'folders',
    folder: 'main/agent/platform/folders.ts',
    layers: [],
    kinds: ['node'],
    hint: 'where things are kept is names only',
  },
  {
    name: 'authorities',
    folder: 'main/agent/hub/authorities.ts',
    layers: [],
    kinds: ['node'],
    hint: 'whom this machine trusts is asked by settings too, and knows nothing of a hub',
  },
  {
    name: 'config',
    folder: 'main/agent/config/',
    layers: ['shared', 'folders', 'authorities'],
    kinds: ['std', 'node'],
    hint: 'what settings mean is the same for the agent and for the app that edits them, and knows neither',
  },
  {
    name: 'log-settings',
    folder: 'main/agent/config/log-settings.ts',
    layers: ['shared', 'folders', 'agent'],
    kinds: ['std', 'node'],
    hint: "it knows the levels of the agent's log, and nothing else of the agent",
  },
  {
    name: 'control',
    folder: 'main/control/',
    layers: ['shared', 'folders'],
    kinds: ['std', 'node'],
    hint: 'the control socket is the same for the headless agent and for the app, and knows neither',
  },
  {
    name: 'agent',
    folder: 'main/agent/',
    layers: ['shared', 'wire', 'folders', 'authorities', 'config', 'log-settings', 'control'],
    kinds: ['std', 'node'],
    hint: 'the agent runs without Electron and without a window; what they need of it goes through shared/contract',
  },
  {
    name: 'app',
    folder: 'main/app/',
    layers: ['shared', 'control', 'config'],
    typesOnly: ['agent', 'wire'],
    kinds: ['std', 'node', 'electron'],
    hint: 'the main process knows types of the agent only: the agent is a process of its own',
  },
  {
    name: 'preload',
    folder: 'main/preload/',
    layers: ['shared'],
    kinds: ['std', 'electron'],
    hint: 'the preload derives the bridge from shared/contract',
  },
  {
    name: 'renderer',
    folder: 'renderer/',
    layers: ['shared'],
    kinds: ['std', 'dom'],
    hint: 'the window knows the contract only: no Node, no Electron',
  },
  {
    name: 'e2e',
    folder: 'e2e/',
    layers: ['shared', 'wire', 'practice'],
    kinds: ['std', 'node', 'test'],
    hint: 'tests of the built program know the agent as a process',
  },
];

/** What tests, and the fakes that only they use, may have besides: the practice hub and cluster, the test runner. */
export const TEST_FILES = /(?:\.(?:test|suite)|\/fake-[\w-]+)\.tsx?$/;
export const TEST_LAYERS = ['shared', 'wire', 'practice'];
export const TEST_PACKAGES = ['vitest'];
