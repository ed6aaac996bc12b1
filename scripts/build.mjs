// Builds, unless what was built is newer than every source. `npm start` calls it each time; it must cost nothing then.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { needPackages } from './installed.mjs';

const SOURCES = ['main', 'shared', 'renderer', 'package.json', 'package-lock.json', 'vite.config.ts'];

/** Ends the process where it cannot be built: the build has said why. */
export function buildIfNeeded() {
  needPackages();
  if (timeOf('dist/cli.cjs') > Math.max(...SOURCES.map(newest))) return;
  console.log('Building …');
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}

function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
