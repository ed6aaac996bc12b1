import type { LogGrowth, OpenedLog } from '../../../../shared/contract/log.ts';
import type { JobAbout } from '../../../../shared/job-about.ts';
import { visibleText } from '../../../../shared/terminal/terminal-line.ts';
import { EventFile } from '../event-file.ts';
import { completeIndex, loadIndex, saveIndex } from '../index/index-file.ts';
import type { LogIndex } from '../index/log-index.ts';
import { eventsFrom } from '../index/placed-events.ts';

/** What is known of a job whose log can be seen. */
export interface LoggedJob {
  readonly id: string;
  readonly name: string;
  readonly about?: JobAbout | undefined;
  /** ms since the Unix epoch. */
  readonly startedAt: number;
  /** Absent while it runs. */
  readonly end?: { readonly result: string; readonly at: number };
}

/** A log that windows read. */
export interface ReadableLog {
  readonly job: LoggedJob;
  readonly file: EventFile;
  readonly index: LogIndex;
  /** False while an old log is read through for its index. */
  readonly isIndexed: boolean;
}

/** Where the log of a job that has ended is kept. */
export interface StoredJob extends LoggedJob {
  /** Has the events, and the index unless that was lost. */
  readonly folder: string;
}

/** So much of the end is shown while the rest is read, in bytes and lines. */
const PREVIEW_BYTES = 64 * 1024;
const PREVIEW_LINES = 200;

/** How long a log is by now, and whether it has ended. */
export function growthOf({ job, file, index, isIndexed }: ReadableLog): LogGrowth {
  const { end } = job;
  const bytes = file.size;
  return { lines: index.lines, bytes, indexedBytes: isIndexed ? bytes : index.bytes, ...(end ? { end } : {}) };
}

/** What a window is told of a log when it opens it. */
export async function openedLog(log: ReadableLog): Promise<OpenedLog> {
  const { id, name, about, startedAt } = log.job;
  const preview = log.isIndexed ? [] : await previewOf(log.file);
  return { ...growthOf(log), id, name, about, startedAt, commands: [...log.index.commands], preview };
}

async function previewOf(file: EventFile): Promise<string[]> {
  let text = '';
  for await (const events of eventsFrom(file, { begin: Math.max(0, file.size - PREVIEW_BYTES) })) {
    for (const { event } of events) if (event.event === 'cmd_output') text += event.output;
  }
  return text.split('\n').slice(-PREVIEW_LINES).map(visibleText);
}

/** The log of a job that has ended, from its folder. */
export class StoredLog implements ReadableLog {
  isIndexed: boolean;
  private readonly closing = new AbortController();
  private indexing: Promise<void> = Promise.resolve();

  private constructor(
    readonly job: StoredJob,
    readonly file: EventFile,
    readonly index: LogIndex,
  ) {
    this.isIndexed = index.bytes === file.size;
  }

  /** Rejects where there is no log. */
  static async open(job: StoredJob): Promise<StoredLog> {
    const file = await EventFile.openStored(job.folder);
    return new StoredLog(job, file, await loadIndex(job.folder, file.size));
  }

  /**
   * Reads the log through where its index is not whole, and saves it. Calls `onProgress` on the way. Of what cannot be read
   * only as much is shown as was read before.
   */
  completeIndex(onProgress: () => void): Promise<void> {
    if (!this.isIndexed && !this.closing.signal.aborted)
      this.indexing = this.readThrough(onProgress).catch(() => undefined);
    return this.indexing;
  }

  private async readThrough(onProgress: () => void): Promise<void> {
    await completeIndex(this.file, this.index, { onProgress, signal: this.closing.signal });
    if (this.closing.signal.aborted) return;
    this.isIndexed = true;
    onProgress();
    // One that cannot be saved is made again the next time.
    await saveIndex(this.job.folder, this.index).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.indexing;
    await this.file.release();
  }
}
