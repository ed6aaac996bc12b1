import type { LogReader } from '../job/open-log.ts';
import type { EventFile, LogPosition } from '../log/event-file.ts';

/** What is read at once, in bytes. */
const CHUNK_BYTES = 256 * 1024;
/** So many events lie between two remembered places. */
const STRIDE = 4_096;

/** The log of the job of `serve`: handed out from any event on, as often as one likes, until the agent ends. */
export class ServedLog implements LogReader {
  private file: EventFile | undefined;
  /** Places in the file, one each `STRIDE` events as far as somebody has read: who asks for more need not count anew. */
  private readonly places: LogPosition[] = [{ event: 0, offset: 0 }];
  private markFetched: () => void = () => undefined;
  /** Resolves when an archivator has fetched the log. */
  readonly fetched = new Promise<void>((resolve) => {
    this.markFetched = resolve;
  });

  open(file: EventFile): void {
    this.file = file;
  }

  /** The archivator has it, or nobody will come any more. */
  wasFetched(): void {
    this.markFetched();
  }

  /** Whole lines from an event on, to the end that the log has now. Holds one chunk at a time. */
  async *from(event: number): AsyncGenerator<Buffer> {
    const { file } = this;
    if (!file) return;
    const end = file.size;
    let position = await this.find(file, event);
    while (position && position.offset < end) {
      const read = await file.read(position, { events: Number.MAX_SAFE_INTEGER, bytes: CHUNK_BYTES });
      if (read.events === 0) return;
      position = this.behind(position, read);
      yield read.bytes;
    }
  }

  /** Where an event begins; undefined where the log does not have it yet. */
  private async find(file: EventFile, event: number): Promise<LogPosition | undefined> {
    if (event > file.events) return undefined;
    let position = this.places[Math.min(Math.floor(event / STRIDE), this.places.length - 1)];
    while (position && position.event < event) {
      const wanted = Math.min(event - position.event, STRIDE - (position.event % STRIDE));
      const read = await file.read(position, { events: wanted, bytes: CHUNK_BYTES });
      if (read.events === 0) return undefined;
      position = this.behind(position, read);
    }
    return position;
  }

  private behind(from: LogPosition, read: { readonly events: number; readonly bytes: Buffer }): LogPosition {
    const position = { event: from.event + read.events, offset: from.offset + read.bytes.length };
    if (position.event === this.places.length * STRIDE) this.places.push(position);
    return position;
  }
}
