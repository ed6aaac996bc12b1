// Builds, unless what was built is newer than every source. `npm start` calls it each time; it must cost nothing then.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['main', 'shared', 'renderer', 'package.json', 'package-lock.json', 'vite.config.ts'];

export function buildIfNeeded() {
  if (timeOf('dist/cli.cjs') > Math.max(...SOURCES.map(newest))) return;
  console.log('Building …');
  execFileSync(
    process.execPath,
    [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--app', '--logLevel', 'warn'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
}

function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
