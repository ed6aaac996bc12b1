import type { FileHandle } from 'node:fs/promises';
import { behind } from './event-lines.ts';
import { StuckLines } from './stuck-lines.ts';

/** A line of a log, newline included. */
export interface Line {
  readonly bytes: Buffer;
  /** Output may be given up where the disk takes nothing; what says how the job went may not. */
  readonly isOutput: boolean;
}

/** Writes lines to a file, one call at a time, and sees to it that a full disk costs nothing but output. */
export class LineWriter {
  /** Of the whole lines that are in the file. */
  bytes = 0;
  events = 0;
  /** What the disk did not take, in its place: a few lines in the memory. */
  private readonly stuck = new StuckLines();
  private hasFailed = false;

  constructor(
    private readonly handle: Pick<FileHandle, 'writev' | 'truncate'>,
    /** Called once with the error's code when the file cannot be written. */
    private readonly onProblem: (code: string) => void,
  ) {}

  /** Resolves when these lines are in the file, or are stuck behind those that the disk did not take. */
  async put(lines: readonly Line[]): Promise<void> {
    const written = (await this.writeStuck()) ? await this.writeWhole(lines.map(({ bytes }) => bytes)) : 0;
    for (const line of lines.slice(written)) this.stuck.add(line);
  }

  /** Nothing more will come: a last try. Gives the lines that are stuck for good; the file ends with the last whole one. */
  async settle(): Promise<readonly Buffer[]> {
    if (!this.hasFailed) return [];
    await this.writeStuck();
    await this.handle.truncate(this.bytes).catch(() => undefined);
    return this.stuck.lines;
  }

  /** True when nothing is stuck, any more. */
  private async writeStuck(): Promise<boolean> {
    const lines = this.stuck.lines;
    if (lines.length === 0) return true;
    const written = await this.writeWhole(lines);
    this.stuck.drop(written);
    return written === lines.length;
  }

  /** How many lines the disk has taken, from the first on. */
  private async writeWhole(lines: readonly Buffer[]): Promise<number> {
    let taken = await this.writeAll(lines);
    let count = 0;
    for (const { length } of lines) {
      if (length > taken) break;
      taken -= length;
      count += 1;
      this.bytes += length;
      this.events += 1;
    }
    return count;
  }

  /** Always at the place where the last whole line ended: what a failed write left behind is written over. */
  private async writeAll(lines: readonly Buffer[]): Promise<number> {
    const begin = this.bytes;
    let written = 0;
    try {
      for (let rest = lines; rest.length > 0; rest = behind(lines, written)) {
        written += (await this.handle.writev(rest, begin + written)).bytesWritten;
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      this.stuck.reason = code;
      if (!this.hasFailed) this.onProblem(code);
      this.hasFailed = true;
    }
    return written;
  }
}
