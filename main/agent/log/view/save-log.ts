import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { IndexedLog } from '../index/line-reader.ts';
import { wholeText } from '../index/log-text.ts';

/** Writes a log as text into a file, whatever was there. Returns what went wrong in a line, or an empty text. */
export async function saveLog(log: IndexedLog, path: string): Promise<string> {
  try {
    await pipeline(wholeText(log), createWriteStream(path, { mode: 0o600 }));
    return '';
  } catch (error) {
    return `The log cannot be written to ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
  }
}
