import { rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';
import manifest from './package.json' with { type: 'json' };

/** Node 18.15, which the development runtime of the app carries, has neither as a global; on newer ones this does nothing. */
const NODE_BANNER =
  "globalThis.crypto ??= require('node:crypto').webcrypto; globalThis.File ??= require('node:buffer').File;";

/** What is not bundled: Electron itself, and the terminal, which is a native module. */
const EXTERNAL = [...builtinModules, /^node:/, 'electron', /^@lydell\/node-pty/];

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Parts of the container engine's library that nothing here calls: builds, and engines behind ssh. */
const UNUSED = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader'];

/** One CommonJS file per process: Electron's utility process and a sandboxed preload accept nothing else. */
function nodeEntries(entries: Record<string, string>): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true, external: [] },
    build: {
      outDir: here('dist'),
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node18',
      minify: false,
      sourcemap: true,
      ssr: true,
      rolldownOptions: {
        input: entries,
        external: EXTERNAL,
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
          banner: (chunk) => (chunk.name === 'cli' ? `#!/usr/bin/env node\n${NODE_BANNER}` : NODE_BANNER),
        },
      },
    },
  };
}

export default defineConfig({
  root: here('renderer'),
  base: './',
  plugins: [react()],
  resolve: { alias: UNUSED.map((find) => ({ find, replacement: here('scripts/stubs/unused.cjs') })) },
  define: { __VERSION__: JSON.stringify(manifest.version) },
  environments: {
    client: { build: { outDir: here('dist/renderer'), emptyOutDir: true } },
    preload: nodeEntries({ preload: here('main/preload/preload.ts') }),
    node: nodeEntries({
      main: here('main/app/entry.ts'),
      agent: here('main/agent/entry/utility.ts'),
      'log-search': here('main/agent/entry/log-search.ts'),
      cli: here('main/agent/entry/cli.ts'),
      practice: here('main/practice/entry.ts'),
    }),
  },
  builder: {
    async buildApp(builder) {
      // Entries are written over, but chunks have a hash in their names: those of former builds would stay, and be packaged.
      rmSync(here('dist/chunks'), { recursive: true, force: true });
      for (const environment of Object.values(builder.environments)) await builder.build(environment);
    },
  },
});
