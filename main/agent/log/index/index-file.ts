import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { LogIndex } from './log-index.ts';
import { type EventBytes, eventsFrom } from './placed-events.ts';

/** Beside `events.jsonl`. */
const INDEX_NAME = 'events.index.json';

/** Writes an index into the folder of its log. Rejects where that cannot be written. */
export async function saveIndex(folder: string, index: LogIndex): Promise<void> {
  await writeFileAtomic(join(folder, INDEX_NAME), JSON.stringify(index), { mode: 0o600 });
}

/** The index in the folder of a log of so many bytes; an empty one where there is none, or one that is of another log. */
export async function loadIndex(folder: string, size: number): Promise<LogIndex> {
  try {
    const index = LogIndex.from(JSON.parse(await readFile(join(folder, INDEX_NAME), 'utf8')));
    return index && index.bytes <= size ? index : new LogIndex();
  } catch {
    return new LogIndex();
  }
}

/** Reads on where an index stops, to the end of the log. Calls `onProgress` now and then; ends early when `signal` aborts. */
export async function completeIndex(
  file: EventBytes,
  index: LogIndex,
  options: { readonly onProgress: () => void; readonly signal: AbortSignal },
): Promise<void> {
  for await (const events of eventsFrom(file, { begin: index.bytes })) {
    // A log tells seconds; what came while it was written is finer.
    for (const { event, offset, end } of events) {
      index.skipTo(offset);
      index.add(event, end - offset, event.timestamp * 1_000);
    }
    options.onProgress();
    if (options.signal.aborted) return;
  }
}
