import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecentLines } from '../../control/recent-lines.ts';

/** So many are kept, each with so many of the agent's last lines. */
const MOST_RECORDS = 10;
const MOST_LINES = 50;

export interface CrashRecordsOptions {
  /** Made if it is not there, with 0700. */
  readonly folder: string;
  readonly version: string;
  /** What the agent wrote. */
  readonly lines: RecentLines;
  /** Takes out of a line what only its owner may see: people send records around. */
  readonly redact: (line: string) => string;
  readonly now: () => Date;
  /** A record cannot be kept; nothing else follows from that. */
  readonly onProblem: (message: string) => void;
}

/** Keeps what is known of a crash: which process, why, and the last that the agent wrote. */
export class CrashRecords {
  constructor(private readonly options: CrashRecordsOptions) {}

  keep(process: 'agent' | 'window' | 'main', reason: string): void {
    const { folder, version, lines, redact, now, onProblem } = this.options;
    const at = now().toISOString();
    const record = { at, process, version, reason: redact(reason), lastLines: lines.last(MOST_LINES).map(redact) };
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${at.replaceAll(':', '-')}-${process}.json`);
      writeFileSync(path, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
      for (const old of this.names().slice(0, -MOST_RECORDS)) rmSync(join(folder, old), { force: true });
    } catch (error) {
      onProblem(`The record of a crash cannot be kept (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
    }
  }

  /** The files of those that are kept, the oldest first: their names begin with their time. */
  private names(): readonly string[] {
    return readdirSync(this.options.folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  }
}
