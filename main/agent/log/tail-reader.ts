import type { TailMessage } from '../../../shared/contract/tail.ts';
import { logEventSchema } from '../hub/wire.ts';
import type { EventFile } from './event-file.ts';
import type { LogIndex } from './index/log-index.ts';

/** Where a tail begins: so far before the end, in bytes of the file. */
const BEGIN_BYTES = 128 * 1024;
/** What is read at once. */
const BATCH_BYTES = 64 * 1024;
/** Farther behind than this nobody follows by reading, nor does a window keep so much: the reader goes to the last batch. */
const BEHIND_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Reads the output at the end of a log, each line once, and goes on where it stopped; passes over what is too much to follow. */
export class TailReader {
  private offset = 0;
  private number = -1;
  private begun = false;

  constructor(
    private readonly file: EventFile,
    private readonly index: LogIndex,
  ) {}

  /** True when there is something to read. */
  get isBehind(): boolean {
    return this.file.size > this.offset;
  }

  async read(): Promise<readonly TailMessage[]> {
    const skipped = await this.catchUp();
    const { bytes } = await this.file.read(
      { event: 0, offset: this.offset },
      { events: Number.MAX_SAFE_INTEGER, bytes: BATCH_BYTES },
    );
    this.offset += bytes.length;
    return [...skipped, ...this.outputsOf(bytes)];
  }

  /** At the begin, and when too much has come: goes to the first whole line near the end. */
  private async catchUp(): Promise<TailMessage[]> {
    const { size } = this.file;
    const [most, rest] = this.begun ? [BEHIND_BYTES, BATCH_BYTES] : [BEGIN_BYTES, BEGIN_BYTES];
    this.begun = true;
    if (size - this.offset <= most) return [];
    const target = size - rest;
    const { bytes } = await this.file.read({ event: 0, offset: target - 1 }, { events: 1, bytes: rest });
    const next = target - 1 + bytes.indexOf(NEWLINE) + 1;
    const skipped = next - this.offset;
    this.offset = next;
    this.number = this.index.numberAt(next - 1);
    return [{ kind: 'skipped', bytes: skipped }];
  }

  /** Output that belongs together goes as one text. */
  private outputsOf(bytes: Buffer): TailMessage[] {
    const messages: TailMessage[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') messages.push({ kind: 'output', number: this.number, text });
      text = '';
    };
    for (const line of bytes.toString('utf8').split('\n')) {
      if (line === '') continue;
      const event = logEventSchema.parse(JSON.parse(line));
      if (event.event === 'cmd_output') text += event.output;
      if (event.event !== 'cmd_started') continue;
      flush();
      this.number += 1;
    }
    flush();
    return messages;
  }
}
