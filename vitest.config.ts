import { defineConfig } from 'vitest/config';

/** What comes over the bus, or from a process that starts, takes what the machine needs for it. */
const JOURNEY = { testTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

/**
 * Unit tests stand beside the code they test, and so do those that need a container engine (`npm run containers`) or
 * namespaces of Linux (`npm run pods`); journeys
 * drive the built program and need `npm run build` first.
 */
export default defineConfig({
  test: {
    environment: 'node',
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
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['main/**/*.engine.test.ts', 'e2e/engine/*.test.ts'],
          // They look at what is left at one engine.
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
      // Their pods are processes in namespaces of their own.
      {
        test: {
          name: 'cluster',
          include: ['main/**/*.cluster.test.ts', 'e2e/cluster/*.test.ts'],
          ...JOURNEY,
        },
      },
      { test: { name: 'stories', include: ['e2e/stories/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'journeys',
          include: ['e2e/journeys/*.test.ts'],
          exclude: ['**/*.engine.test.ts', '**/*.keyring.test.ts'],
          ...JOURNEY,
        },
      },
      { test: { name: 'container journeys', include: ['e2e/journeys/*.engine.test.ts'], ...JOURNEY } },
      { test: { name: 'keyring journeys', include: ['e2e/journeys/*.keyring.test.ts'], ...JOURNEY } },
    ],
  },
});
