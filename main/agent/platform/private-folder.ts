import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder of one owner (0700), for files of one owner (0600). Its name is random, so two agents never meet. */
export interface PrivateFolder {
  readonly path: string;
  /** Writes a file in it and tells its path. A folder that somebody removed meanwhile (`rm -rf /tmp/*`) is made again. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Removes it with all that is in it. Idempotent. */
  remove(): Promise<void>;
}

/** What to tell of a folder that could not be made, and what to do. */
export function noFolder(parent: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return `no folder for the job could be made in ${parent} (${code}); set TMPDIR to a folder that you can write`;
}

/** Makes a new private folder within `parent`. Rejects where that cannot be written. */
export async function createPrivateFolder(parent: string): Promise<PrivateFolder> {
  const path = await mkdtemp(join(parent, 'signalbox-'));
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      try {
        // Not by the thread pool: these are small files, and each command of a job waits for one.
        writeFileSync(file, content, { mode: 0o600 });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        mkdirSync(path, { recursive: true, mode: 0o700 });
        writeFileSync(file, content, { mode: 0o600 });
      }
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
