import { constants, createWriteStream, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** Where the plain text of jobs goes: `-` is standard output, an empty path nowhere. `onProblem`: told once, with the error's code. */
export function createMirror(
  path: string,
  onProblem: (code: string) => void = () => undefined,
): ((text: string) => Promise<void>) | undefined {
  if (path === '') return undefined;
  const stream = streamTo(path);
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

function streamTo(path: string): Writable {
  if (path === '-') return process.stdout;
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFIFO()) return pipeTo(path);
  } catch {
    // What cannot be looked at cannot be written either: the stream tells why.
  }
  return createWriteStream(path, { flags: 'a', mode: 0o600 });
}

/**
 * As a file it would be opened, and written, by a thread that waits for a reader: with that the process could not even end.
 * Open for reading as well it is open at once.
 */
function pipeTo(path: string): Writable {
  return new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK), readable: false, writable: true });
}
