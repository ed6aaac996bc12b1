import { defineConfig } from 'vitest/config';

/** Unit tests stand beside the code they test; journeys drive the built program and need `npm run build` first. */
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
          testTimeout: 20_000,
        },
      },
      { test: { name: 'journeys', include: ['e2e/journeys/*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
