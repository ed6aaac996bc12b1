import { defineConfig } from 'vitest/config';

/**
 * What a test waits for takes what a busy machine needs for it: no limit here is a measure of speed, in unit tests neither.
 * Those that try thousands of random cases keep a core busy for two seconds, which is twenty where ten others want it.
 */
const LIMITS = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };

/**
 * Behind these is a whole machine: a desktop, an engine, a browser. In CI a test of theirs that fails is tried once more, as an
 * answer about the change is wanted and not one about the machine; a run ends with the names of those that needed it, each of
 * which is a fault to be looked for.
 */
const WITH_A_MACHINE = { ...LIMITS, retry: process.env.CI === 'true' ? 1 : 0 };

/**
 * Unit tests stand beside the code they test, and so do those that need a container engine (`npm run containers`) or
 * namespaces of Linux (`npm run pods`); journeys
 * drive the built program and need `npm run build` first.
 */
export default defineConfig({
  test: {
    environment: 'node',
    reporters: ['default', './scripts/suites/flaky-reporter.mjs'],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'main/**/*.test.ts',
            'shared/**/*.test.ts',
            'renderer/**/*.test.ts',
            'e2e/conformance/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['**/*.engine.test.ts', '**/*.cluster.test.ts'],
          ...LIMITS,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['main/**/*.engine.test.ts', 'e2e/engine/*.test.ts'],
          // They look at what is left at one engine.
          fileParallelism: false,
          ...WITH_A_MACHINE,
        },
      },
      // Their pods are processes in namespaces of their own.
      {
        test: {
          name: 'cluster',
          include: ['main/**/*.cluster.test.ts', 'e2e/cluster/*.test.ts'],
          ...WITH_A_MACHINE,
        },
      },
      { test: { name: 'stories', include: ['e2e/stories/*.test.ts'], ...WITH_A_MACHINE } },
      {
        test: {
          name: 'journeys',
          include: ['e2e/journeys/*.test.ts'],
          exclude: ['**/*.engine.test.ts', '**/*.keyring.test.ts'],
          ...WITH_A_MACHINE,
        },
      },
      { test: { name: 'container journeys', include: ['e2e/journeys/*.engine.test.ts'], ...WITH_A_MACHINE } },
      { test: { name: 'keyring journeys', include: ['e2e/journeys/*.keyring.test.ts'], ...WITH_A_MACHINE } },
    ],
  },
});
