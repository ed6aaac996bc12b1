import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { History, PastJob } from '../../../../shared/contract/history.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { StoredJob } from '../view/readable-log.ts';
import type { BegunJob, JobFolder, JobFolders } from './job-folders.ts';
import { createMeta, type JobMeta, readMeta, replaceMeta } from './job-meta.ts';

/** More jobs are not kept, however small they are: what a list can show and a start can read. */
const MOST_JOBS = 1_000;
/** So long a deletion can be undone, in ms. */
const UNDO_MS = 60_000;
const DELETED = 'deleted-';

export interface JobHistoryOptions {
  /** Made when the first job comes; its owner's alone. */
  readonly folder: string;
  /** Of all jobs together; the oldest go first, the running one never. Zero: nothing is kept. */
  readonly budgetBytes: number;
  /** Where a log goes that this folder does not take. */
  readonly otherwise: JobFolders;
  readonly clock: Clock;
  readonly log: { warn(message: string): void };
}

/** A past job, and where its log is. */
export interface KeptJob {
  readonly key: string;
  readonly stored: StoredJob;
  readonly meta: JobMeta;
  readonly bytes: number;
}

/**
 * The jobs that ran on this machine: a folder for each, named after its time, with its log and what is known of it. The folders
 * are all there is, so nothing can be out of step with them, and a crash costs nothing but the end of the job that ran.
 */
export class JobHistory implements JobFolders {
  private running: string | undefined;
  private isTidied = false;
  /** Deletions that can be undone still, by key. */
  private readonly forgetting = new Map<string, Timer>();

  constructor(private readonly options: JobHistoryOptions) {}

  async create(job: BegunJob): Promise<JobFolder> {
    const { folder: parent, budgetBytes, otherwise, log } = this.options;
    if (budgetBytes === 0) return otherwise.create(job);
    try {
      await mkdir(parent, { recursive: true, mode: 0o700 });
      const path = await mkdtemp(join(parent, `${folderTime(job.startedAt)}-`));
      const meta: JobMeta = { version: 1, ...job };
      await createMeta(path, meta);
      const key = path.slice(parent.length + 1);
      this.running = key;
      return { path, end: ({ result }) => this.end(key, { ...meta, end: { result, at: this.options.clock.now() } }) };
    } catch (error) {
      log.warn(`Job ${job.id} is not kept in the history: ${parent} cannot be written (${codeOf(error)})`);
      return otherwise.create(job);
    }
  }

  /** What is kept, the newest first. */
  async list(): Promise<History> {
    await this.tidy();
    const kept = await this.kept();
    return {
      jobs: kept.map((job) => this.shown(job)),
      bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
      budgetBytes: this.options.budgetBytes,
    };
  }

  /** By its key, or by the job's id: then the one that ran last. */
  async find(keyOrId: string): Promise<KeptJob | undefined> {
    const kept = await this.kept();
    return kept.find(({ key }) => key === keyOrId) ?? kept.find(({ meta }) => meta.id === keyOrId);
  }

  /** The running one stays. For a minute they can be had back. */
  async delete(keys: readonly string[]): Promise<History> {
    await this.move(keys, (key) => [key, `${DELETED}${key}`]);
    for (const key of keys) this.forgetLater(key);
    return this.list();
  }

  async restore(keys: readonly string[]): Promise<History> {
    for (const key of keys) this.forgetting.get(key)?.cancel();
    await this.move(keys, (key) => [`${DELETED}${key}`, key]);
    return this.list();
  }

  private async end(key: string, meta: JobMeta): Promise<void> {
    const { folder, log } = this.options;
    await replaceMeta(join(folder, key), meta).catch((error: unknown) =>
      log.warn(`The history has no end of job ${meta.id}: it cannot be written (${codeOf(error)})`),
    );
    if (this.running === key) this.running = undefined;
    await this.tidy();
    await this.keepToBudget();
  }

  /** Names come from a window: only those that are there are looked at. */
  private async move(keys: readonly string[], names: (key: string) => readonly [string, string]): Promise<void> {
    const { folder } = this.options;
    const there = new Set(await namesIn(folder));
    for (const key of keys) {
      const [from, to] = names(key);
      if (there.has(from) && from !== this.running) await rename(join(folder, from), join(folder, to));
    }
  }

  private forgetLater(key: string): void {
    this.forgetting.get(key)?.cancel();
    const timer = this.options.clock.startTimer(UNDO_MS, () => {
      this.forgetting.delete(key);
      void this.remove(`${DELETED}${key}`);
    });
    this.forgetting.set(key, timer);
  }

  /** Once: what an earlier agent was about to forget. */
  private async tidy(): Promise<void> {
    if (this.isTidied) return;
    this.isTidied = true;
    const names = await namesIn(this.options.folder);
    for (const name of names.filter(isDeleted)) await this.remove(name);
  }

  private async keepToBudget(): Promise<void> {
    const kept = await this.kept();
    let bytes = 0;
    for (const [n, job] of kept.entries()) {
      bytes += job.bytes;
      // The newest stays even where it is larger than all that may be kept: somebody may be reading it.
      const stays = n === 0 || job.key === this.running || (bytes <= this.options.budgetBytes && n < MOST_JOBS);
      if (!stays) await this.remove(job.key);
    }
  }

  private async remove(name: string): Promise<void> {
    const { folder, log } = this.options;
    await rm(join(folder, name), { recursive: true, force: true }).catch((error: unknown) =>
      log.warn(`${join(folder, name)} cannot be removed (${codeOf(error)})`),
    );
  }

  /** The newest first. What is no job's folder is passed over. */
  private async kept(): Promise<readonly KeptJob[]> {
    const { folder } = this.options;
    const keys = (await namesIn(folder)).filter((name) => !isDeleted(name)).sort();
    const read = async (key: string): Promise<KeptJob | undefined> => {
      const path = join(folder, key);
      const meta = await readMeta(path, key);
      return meta && { key, stored: this.stored(key, meta), meta, bytes: await sizeOf(path) };
    };
    const jobs = await Promise.all(keys.reverse().map(read));
    return jobs.filter((job): job is KeptJob => job !== undefined);
  }

  /** Of a job whose agent went nobody knows when it ended. */
  private stored(key: string, { id, name, about, startedAt, end }: JobMeta): StoredJob {
    const known = end ?? (key === this.running ? undefined : { result: 'lost', at: startedAt });
    return { id, name, about, startedAt, folder: join(this.options.folder, key), ...(known ? { end: known } : {}) };
  }

  private shown({ key, bytes, meta: { id, name, about, startedAt, end } }: KeptJob): PastJob {
    const result = end?.result ?? (key === this.running ? 'running' : 'lost');
    return {
      key,
      id,
      name,
      startedAt,
      result,
      bytes,
      ...(about ? { about } : {}),
      ...(end ? { endedAt: end.at } : {}),
    };
  }
}

/** Sorts by time as it sorts as text. */
function folderTime(at: number): string {
  return new Date(at).toISOString().replace(/[-:.]/g, '');
}

function isDeleted(name: string): boolean {
  return name.startsWith(DELETED);
}

/** None where there is no folder yet. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(folder: string): Promise<number> {
  const sizes = (await namesIn(folder)).map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0, // It has just gone.
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
