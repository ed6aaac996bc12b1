import type { JobResult } from '../hub/wire.ts';

/**
 * The log of one job, as the job and its executor write it. Order of calls: `jobStarted`, then any number of
 * `commandStarted` … `commandFinished` with `output` and `line` between them, then `jobFinished`, then `close`. One writer.
 * Nothing here throws for what the disk or the job can cause: a log that cannot be written says so at the place where it
 * was cut, and the job goes on.
 */
export interface JobLog {
  jobStarted(): void;
  commandStarted(directive: string): void;
  /**
   * Bytes as they came from a terminal, cut anywhere. The `\r` that the terminal puts before each `\n` goes, bytes that
   * are no UTF-8 become U+FFFD; both rules hold across calls. What was handed over is visible to readers within 100 ms.
   */
  output(bytes: Uint8Array): void;
  /** A text of the agent's own ("Exporting X\n"): one event, as it is. What `output` still holds goes before it. */
  line(text: string): void;
  /** Flushes the output of the command, then writes its end. The directive is that of the last `commandStarted`. */
  commandFinished(exitCode: number): void;
  jobFinished(result: JobResult): void;
  /** Bytes accepted but not yet in the file. A source of output pauses above a high-water mark of its choice. */
  readonly backlog: number;
  /** Resolves when everything accepted so far is in the file (or was given up, told by an event). */
  drained(): Promise<void>;
  /** Nothing more will come. Resolves when everything is in the file. Idempotent. */
  close(): Promise<void>;
}
