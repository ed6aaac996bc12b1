import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';

/** Where the plain text of jobs goes: `-` is standard output, an empty path nowhere. `onProblem`: told once, with the error's code. */
export function createMirror(
  path: string,
  onProblem: (code: string) => void = () => undefined,
): ((text: string) => Promise<void>) | undefined {
  if (path === '') return undefined;
  const stream: Writable = path === '-' ? process.stdout : createWriteStream(path, { flags: 'a', mode: 0o600 });
  let broken = false;
  // A reader that went away, or a full disk: the job's own log is what counts.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!broken) onProblem(error.code ?? 'unknown error');
    broken = true;
  });
  return (text) =>
    new Promise((resolve) => {
      if (broken) resolve();
      else stream.write(text, () => resolve());
    });
}
