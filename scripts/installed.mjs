// What every command here needs first. Without it Node's own words would be a page of stack traces.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm ci` has not run, says so and ends. */
export function needPackages() {
  if (existsSync(join('node_modules', 'vite'))) return;
  console.error('The packages that this needs are not installed yet; run npm ci first');
  process.exit(1);
}
