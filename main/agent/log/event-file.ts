import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** A part of a log, ready to be sent. */
export interface EventBatch {
  readonly events: number;
  /** Whole lines. Valid until the next read. */
  readonly bytes: Buffer;
}

/** How far a reader is. */
export interface LogPosition {
  readonly event: number;
  readonly offset: number;
}

const NEWLINE = 0x0a;

/**
 * The file of one job's log: lines are appended by one writer and read by any number of readers, each byte once by a reader
 * that goes on where it stopped. While a write is under way the next lines gather; what is not written yet nobody reads.
 */
export class EventFile {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private writing: Promise<void> | undefined;
  private readonly watchers = new Set<() => void>();
  private writtenBytes = 0;
  private writtenEvents = 0;
  private isClosed = false;
  private problemTold = false;

  private constructor(
    private readonly handle: FileHandle,
    /** Called once with the error's code when the file cannot be written. */
    private readonly onProblem: (code: string) => void,
  ) {}

  /** Makes `events.jsonl` in a private folder, readable by its owner only. */
  static async create(folder: string, onProblem: (code: string) => void): Promise<EventFile> {
    return new EventFile(await open(join(folder, 'events.jsonl'), 'wx+', 0o600), onProblem);
  }

  /** Bytes and events that readers can have. */
  get size(): number {
    return this.writtenBytes;
  }
  get events(): number {
    return this.writtenEvents;
  }
  /** True when nothing will come any more. */
  get closed(): boolean {
    return this.isClosed;
  }
  /** Bytes that are not in the file yet. */
  get backlog(): number {
    return this.pendingBytes;
  }

  append(line: Buffer): void {
    this.pending.push(line);
    this.pendingBytes += line.length;
    this.writing ??= this.write();
  }

  /** Resolves when all that was appended so far is in the file, or was given up. */
  async drained(): Promise<void> {
    while (this.writing) await this.writing;
  }

  /** Nothing more will be appended. Readers go on. */
  async finish(): Promise<void> {
    await this.drained();
    this.isClosed = true;
    this.notify();
  }

  /** No reader is left. */
  async release(): Promise<void> {
    await this.handle.close();
  }

  /** Calls `watcher` after every change, until the function that it returns is called. */
  onDidChange(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Whole lines from a position on: at most so many, and at most so many bytes, but one line in any case. */
  async read(from: LogPosition, limits: { readonly events: number; readonly bytes: number }): Promise<EventBatch> {
    const wanted = Math.min(limits.bytes, this.writtenBytes - from.offset);
    const bytes = await this.readBytes(from.offset, wanted);
    let end = 0;
    let events = 0;
    while (events < limits.events) {
      const next = bytes.indexOf(NEWLINE, end);
      if (next < 0) break;
      end = next + 1;
      events += 1;
    }
    if (events === 0 && wanted < this.writtenBytes - from.offset) {
      return this.read(from, { events: 1, bytes: limits.bytes * 2 });
    }
    return { events, bytes: bytes.subarray(0, end) };
  }

  private async readBytes(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, length));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, filled, buffer.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  /** Always at the place where the last whole write ended: what a failed one left behind is written over. */
  private async write(): Promise<void> {
    while (this.pending.length > 0) {
      const lines = this.pending;
      const bytes = lines.length === 1 && lines[0] ? lines[0] : Buffer.concat(lines);
      this.pending = [];
      try {
        await this.writeAll(bytes);
        this.writtenBytes += bytes.length;
        this.writtenEvents += lines.length;
      } catch (error) {
        if (!this.problemTold) this.onProblem((error as NodeJS.ErrnoException).code ?? 'unknown error');
        this.problemTold = true;
      }
      this.pendingBytes -= bytes.length;
      this.notify();
    }
    this.writing = undefined;
  }

  private async writeAll(bytes: Buffer): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const offset = this.writtenBytes + written;
      written += (await this.handle.write(bytes, written, bytes.length - written, offset)).bytesWritten;
    }
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
