import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { LineRoom } from './line-room.ts';
import { type Line, LineWriter } from './line-writer.ts';

/** A part of a log, ready to be sent. */
export interface EventBatch {
  readonly events: number;
  /** Whole lines. Valid until the next read. */
  readonly bytes: Buffer;
}

/** What a reader wants of a log at once. */
export interface ReadLimits {
  readonly events: number;
  readonly bytes: number;
  /** Where the bytes may be put, if they fit: a reader of its own memory leaves none behind. */
  readonly into?: Buffer;
}

/** How far a reader is. */
export interface LogPosition {
  readonly event: number;
  readonly offset: number;
}

const NAME = 'events.jsonl';
const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/** What a log needs of its file. */
export type LogHandle = Pick<FileHandle, 'writev' | 'read' | 'truncate' | 'close'> & Partial<Pick<FileHandle, 'fd'>>;

/**
 * The file of one job's log: lines are appended by one writer and read by any number of readers, each byte once by a reader
 * that goes on where it stopped. While a write is under way the next lines gather; what is not written yet nobody reads.
 *
 * Where the disk takes nothing, output is given up, a line in its place says how much, and all other lines are kept until
 * they can be written; at the end at the latest readers get them all the same.
 */
export class EventFile {
  private pending: Line[] = [];
  private pendingBytes = 0;
  private writing: Promise<void> | undefined;
  private readonly watchers = new Set<() => void>();
  private readonly writer: LineWriter;
  private readonly room = new LineRoom();
  /** What the disk did not take to the end: a few lines, which readers get from the memory. */
  private tail: Buffer = NOTHING;
  private tailEvents = 0;
  private isClosed = false;

  constructor(
    private readonly handle: LogHandle,
    /** Called once with the error's code when the file cannot be written. */
    onProblem: (code: string) => void,
  ) {
    this.writer = new LineWriter(handle, onProblem);
  }

  /** Makes `events.jsonl` in a private folder, readable by its owner only. */
  static async create(folder: string, onProblem: (code: string) => void): Promise<EventFile> {
    hearFileLimit();
    return new EventFile(await open(join(folder, NAME), 'wx+', 0o600), onProblem);
  }

  /** Opens the events of a job that has ended, for readers only. Rejects where there are none. */
  static async openStored(folder: string): Promise<EventFile> {
    const handle = await open(join(folder, NAME), 'r');
    const file = new EventFile(handle, () => undefined);
    file.writer.bytes = (await handle.stat()).size;
    file.isClosed = true;
    return file;
  }

  /** Its descriptor, for readers in another thread; good until it is released. */
  get descriptor(): number {
    return this.handle.fd ?? -1;
  }
  /** Bytes and events that readers can have. */
  get size(): number {
    return this.writer.bytes + this.tail.length;
  }
  get events(): number {
    return this.writer.events + this.tailEvents;
  }
  /** True when nothing will come any more. */
  get closed(): boolean {
    return this.isClosed;
  }
  /** Bytes that are not in the file yet. */
  get backlog(): number {
    return this.pendingBytes;
  }

  append(bytes: Buffer): void {
    this.add({ bytes, isOutput: false });
  }

  /** A line that may be given up where the disk is full. It is copied. */
  appendOutput(bytes: Buffer): void {
    this.add({ bytes: this.room.keep(bytes), isOutput: true });
  }

  private add(line: Line): void {
    this.pending.push(line);
    this.pendingBytes += line.bytes.length;
    this.writing ??= this.write();
  }

  /** Resolves when all that was appended so far is in the file, or was given up. */
  async drained(): Promise<void> {
    while (this.writing) await this.writing;
  }

  /** Resolves when nothing will come any more. */
  get finished(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.isClosed) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.onDidChange(look);
      look();
    });
  }

  /** Nothing more will be appended. Readers go on. */
  async finish(): Promise<void> {
    await this.drained();
    const stuck = await this.writer.settle();
    this.tail = Buffer.concat(stuck);
    this.tailEvents = stuck.length;
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
  async read(from: LogPosition, limits: ReadLimits): Promise<EventBatch> {
    const isInTail = from.offset >= this.writer.bytes;
    const there = (isInTail ? this.size : this.writer.bytes) - from.offset;
    const wanted = Math.min(limits.bytes, there);
    const bytes = isInTail
      ? this.readTail(from.offset, wanted)
      : await this.readWritten(from.offset, wanted, limits.into);
    let end = 0;
    let events = 0;
    while (events < limits.events) {
      const next = bytes.indexOf(NEWLINE, end);
      if (next < 0) break;
      end = next + 1;
      events += 1;
    }
    if (events === 0 && wanted < there) {
      return this.read(from, { events: 1, bytes: limits.bytes * 2 });
    }
    return { events, bytes: bytes.subarray(0, end) };
  }

  private readTail(offset: number, length: number): Buffer {
    const start = offset - this.writer.bytes;
    return this.tail.subarray(start, start + length);
  }

  /** Up to so many bytes from a place on; fewer only at the end. */
  async readAt(offset: number, length: number): Promise<Buffer> {
    const inFile = Math.max(0, Math.min(length, this.writer.bytes - offset));
    const bytes = await this.readWritten(offset, inFile);
    if (inFile === length || this.tail.length === 0) return bytes;
    return Buffer.concat([bytes, this.readTail(offset + inFile, length - inFile)]);
  }

  private async readWritten(offset: number, length: number, into?: Buffer): Promise<Buffer> {
    const fits = into !== undefined && into.length >= length;
    const buffer = fits ? into.subarray(0, length) : Buffer.allocUnsafe(Math.max(0, length));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, filled, buffer.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  private async write(): Promise<void> {
    while (this.pending.length > 0) {
      const lines = this.pending;
      this.pending = [];
      await this.writer.put(lines);
      for (const { bytes, isOutput } of lines) {
        this.pendingBytes -= bytes.length;
        if (isOutput) this.room.giveBack(bytes);
      }
      this.notify();
    }
    this.writing = undefined;
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

let isLimitHeard = false;

/** A limit on the size of files (`ulimit -f`) is an error of the write then; unheard, its signal would end the agent. */
function hearFileLimit(): void {
  if (!isLimitHeard) process.on('SIGXFSZ', () => undefined);
  isLimitHeard = true;
}
