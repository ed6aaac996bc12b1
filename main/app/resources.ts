import { join } from 'node:path';

/** A file of resources/, which stands beside what is built, packaged or not. */
export function resourcePath(...names: readonly string[]): string {
  return join(__dirname, '..', 'resources', ...names);
}
