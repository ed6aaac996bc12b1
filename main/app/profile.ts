import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why nothing can be kept in the app's folder, in a line; undefined where it can. A disk that is full is found, too. */
export function profileProblem(folder: string): string | undefined {
  const probe = join(folder, `probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(probe, 'x');
    rmSync(probe);
    return undefined;
  } catch (error) {
    return `Nothing can be written to ${folder} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
  }
}
