import { type LogEvent, logEventSchema } from '../hub/wire.ts';
import { eventLine } from './event-lines.ts';

/** Output that was given up: the first event of it, and how many bytes of text there were. */
interface Gap {
  readonly first: LogEvent;
  bytes: number;
}

/**
 * Lines that a full disk did not take. Output is not kept: a line of output in its place says how much of it is missing.
 * What is left is as long as a job has commands, and not as its output.
 */
export class StuckLines {
  /** Why the disk takes nothing, as an error code. */
  reason = '';
  private entries: (Buffer | Gap)[] = [];

  /** All of them as they are to be written. */
  get lines(): readonly Buffer[] {
    return this.entries.map((entry) => (Buffer.isBuffer(entry) ? entry : this.told(entry)));
  }

  add({ bytes, isOutput }: { readonly bytes: Buffer; readonly isOutput: boolean }): void {
    if (!isOutput) {
      this.entries.push(bytes);
      return;
    }
    const event = logEventSchema.parse(JSON.parse(bytes.toString('utf8')));
    const size = event.event === 'cmd_output' ? Buffer.byteLength(event.output) : 0;
    const last = this.entries.at(-1);
    if (last && !Buffer.isBuffer(last)) last.bytes += size;
    else this.entries.push({ first: event, bytes: size });
  }

  /** The first ones have been written after all. */
  drop(count: number): void {
    this.entries = this.entries.slice(count);
  }

  private told({ first, bytes }: Gap): Buffer {
    const output = `\n[Here ${bytes} bytes of output are missing: the agent's disk did not take them (${this.reason})]\n`;
    return eventLine({ event: 'cmd_output', timestamp: first.timestamp, output });
  }
}
