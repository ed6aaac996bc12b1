import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { EventFile } from '../../../main/agent/log/event-file.ts';
import { EventLog } from '../../../main/agent/log/event-log.ts';
import { temporaryFolders } from '../../../main/agent/log/history/job-folders.ts';
import { JobHistory } from '../../../main/agent/log/history/job-history.ts';
import { saveIndex } from '../../../main/agent/log/index/index-file.ts';
import { LogIndex } from '../../../main/agent/log/index/log-index.ts';
import { systemClock } from '../../../main/agent/platform/clock.ts';

/** Of each line, its newline included, in bytes. */
export const LINE_BYTES = 100;
/** Lines of the first command, which passed and is folded. */
const CHECKOUT_LINES = 1_000;
/** So many are made at once. */
const BLOCK_LINES = 1_000;

/** Past jobs as the app keeps them, written by the agent's own code. */
export class StoredLogs {
  private readonly history: JobHistory;

  constructor(folder: string) {
    const log = { warn: (message: string) => process.stderr.write(`${message}\n`) };
    const otherwise = temporaryFolders(folder);
    this.history = new JobHistory({ folder, budgetBytes: 10e9, otherwise, clock: systemClock, log });
  }

  /** A job that printed so many lines, in colours, and failed. Returns the folder of its log. */
  async add(name: string, lines: number): Promise<string> {
    const job = await this.begin(name);
    const file = await EventFile.create(job.path, (code) =>
      process.stderr.write(`the log cannot be written: ${code}\n`),
    );
    const index = new LogIndex();
    const log = new EventLog(file, systemClock, { index });
    log.jobStarted();
    for (const [directive, from, to] of [
      ['checkout', 0, CHECKOUT_LINES],
      ['make -j2 everything', CHECKOUT_LINES, lines],
    ] as const) {
      log.commandStarted(directive);
      for (let n = from; n < to; n += BLOCK_LINES) {
        log.output(block(n, Math.min(to, n + BLOCK_LINES)));
        if (n % (16 * BLOCK_LINES) === 0) await log.drained();
      }
      log.commandFinished(directive === 'checkout' ? 0 : 2);
    }
    log.jobFinished('failed');
    await log.close();
    await saveIndex(job.path, index);
    await file.release();
    await job.end({ result: 'failed', isDelivered: true });
    return job.path;
  }

  /** Another job with the same log, whose index was lost. */
  async addWithoutIndex(name: string, folder: string): Promise<void> {
    const job = await this.begin(name);
    linkSync(join(folder, 'events.jsonl'), join(job.path, 'events.jsonl'));
    await job.end({ result: 'failed', isDelivered: true });
  }

  private begin(name: string) {
    const about = { project: '', ref: '', commit: '', pipeline: '', organizationUrl: '', executor: 'shell' } as const;
    return this.history.create({ id: `bench-${name}`, name, about, startedAt: systemClock.now() });
  }
}

/** The text of a line without its colours, as far as it is its own. */
export function lineName(line: number): string {
  return `module-${line} `;
}

function block(from: number, to: number): Buffer {
  let text = '';
  for (let n = from; n < to; n += 1) {
    const begin = `\u001b[32mcompiled\u001b[0m ${lineName(n)}`;
    text += `${begin.padEnd(LINE_BYTES - 1, n % 2 === 0 ? 'abcd ' : 'efgh ')}\n`;
  }
  return Buffer.from(text);
}
