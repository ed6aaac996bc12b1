import type { Wire } from '../../../../shared/contract/caller.ts';
import type { Clock } from '../../platform/clock.ts';
import type { EventFile } from '../event-file.ts';
import type { StartThread } from '../search/search-thread.ts';
import type { LiveLog } from '../tails.ts';
import { LogViewer } from './log-viewer.ts';
import { type ReadableLog, type StoredJob, StoredLog } from './readable-log.ts';
import { saveLog } from './save-log.ts';

export interface LogViewsOptions {
  readonly clock: Clock;
  /** Starts a thread that searches. */
  readonly startThread: StartThread;
  /** Where the log of a job that has ended is kept; undefined for one that is not. */
  readonly findStored: (job: string) => Promise<StoredJob | undefined>;
}

/** Shows windows the log that is being written, and those that are kept. */
export class LogViews {
  private readonly viewers = new Set<LogViewer>();
  private newest: ReadableLog | undefined;
  /** Files of logs that have ended, and who waits until nobody reads them. */
  private readonly ended = new Map<EventFile, () => void>();

  constructor(private readonly options: LogViewsOptions) {}

  /** A window wants to read logs. */
  add(wire: Wire): void {
    const viewer = new LogViewer(wire, {
      ...this.options,
      newest: () => this.newest,
      openStored: (job) => this.openStored(job),
      onLeft: () => this.letGo(),
    });
    this.viewers.add(viewer);
    wire.onClose(() => {
      this.viewers.delete(viewer);
      viewer.close();
    });
  }

  /** A job's log is there. */
  begin({ id, name, about, startedAt, file, index }: LiveLog): void {
    this.newest = { job: { id, name, about, startedAt }, file, index, isIndexed: true };
    for (const viewer of this.viewers) viewer.newestChanged();
    this.letGo();
  }

  /**
   * The job has ended and its log is closed. Windows go on with it; resolves when it is not the newest any more and no window
   * reads it, or `close` was called.
   */
  end(live: LiveLog, result: string): Promise<void> {
    const { newest } = this;
    if (newest?.file !== live.file) return Promise.resolve();
    this.newest = { ...newest, job: { ...newest.job, end: { result, at: this.options.clock.now() } } };
    for (const viewer of this.viewers) viewer.newestEnded(this.newest);
    return new Promise((resolve) => this.ended.set(live.file, resolve));
  }

  /** Nothing is read any more. */
  close(): void {
    for (const viewer of this.viewers) viewer.close();
    this.viewers.clear();
    this.newest = undefined;
    this.letGo();
  }

  /** Writes the log of a job as text into a file. Returns what went wrong, or an empty text. */
  async save(job: string, path: string): Promise<string> {
    if (this.newest?.job.id === job) return saveLog(this.newest, path);
    const stored = await this.openStored(job);
    if (!stored) return 'The log of this job is not on this computer any more';
    await stored.completeIndex(() => undefined);
    const problem = await saveLog(stored, path);
    await stored.close();
    return problem;
  }

  private letGo(): void {
    for (const [file, letGo] of this.ended) {
      if (this.newest?.file === file || [...this.viewers].some((viewer) => viewer.shows(file))) continue;
      this.ended.delete(file);
      letGo();
    }
  }

  private async openStored(job: string): Promise<StoredLog | undefined> {
    const stored = await this.options.findStored(job);
    return stored && StoredLog.open(stored).catch(() => undefined);
  }
}
