import { expect } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import type { JobLog } from '../../log/job-log.ts';
import type { Executor } from '../executor.ts';

/** An executor to be tried, and the home directory that its sessions have. */
export interface TriedExecutor {
  readonly executor: Executor;
  readonly home: string;
  /** Rows and columns of its terminal; those of a terminal of ours unless told. */
  readonly size?: string;
  /** After `cleanUp`: takes away what was made for the test. */
  close(): Promise<void>;
}

/** What the suite gives an executor. */
export interface Surroundings {
  readonly log: JobLog;
  /** Aborted when a stop must not take its time any more. */
  readonly hurry: AbortSignal;
}

/** Makes an executor for a test. */
export type Create = (surroundings: Surroundings) => Promise<TriedExecutor>;

/** One executor after another, started, with its log. */
export class SuiteStage {
  private tried: TriedExecutor | undefined;
  private lastLog: FakeJobLog | undefined;
  private hurry = new AbortController();

  constructor(private readonly create: Create) {}

  async open(): Promise<void> {
    const log = new FakeJobLog();
    this.lastLog = log;
    this.hurry = new AbortController();
    this.tried = await this.create({ log, hurry: this.hurry.signal });
    expect(await this.executor.prepare()).toEqual({ ok: true });
    expect(await this.executor.start()).toEqual({ ok: true });
    log.events.length = 0;
  }

  async close(): Promise<void> {
    await this.executor.cleanUp();
    await this.tried?.close();
  }

  get executor(): Executor {
    if (!this.tried) throw new Error('open() comes first');
    return this.tried.executor;
  }

  get home(): string {
    return this.tried?.home ?? '';
  }

  get size(): string {
    return this.tried?.size ?? '50 200';
  }

  get log(): FakeJobLog {
    if (!this.lastLog) throw new Error('open() comes first');
    return this.lastLog;
  }

  run(directive: string): Promise<number> {
    return this.executor.runCommand({ directive });
  }

  /** From now on no stop takes its time. */
  hasten(): void {
    this.hurry.abort();
  }

  /** What the last command printed. */
  output(): string | undefined {
    return this.log.events.at(-2);
  }
}
