import { type LogEvent, logEventSchema } from '../../hub/wire.ts';

/** A file of events, as far as it can be read. */
export interface EventBytes {
  /** Bytes that readers can have. */
  readonly size: number;
  /** Up to so many bytes from a place on; fewer only at the end. */
  readAt(offset: number, length: number): Promise<Buffer>;
}

/** An event and where its line begins and ends in the file, in bytes. */
export interface PlacedEvent {
  readonly event: LogEvent;
  readonly offset: number;
  readonly end: number;
}

/** What is read at once: long enough for few reads, short enough that nobody waits for the agent. In bytes. */
const CHUNK_BYTES = 256 * 1024;
/** No event is longer; what claims to be is no log. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The events of a file from the begin of one on, as they are read, up to the size that the file has when it gets there. A
 * line that is no event (a file that was written to while its machine lost power) is passed over, one that is not whole is
 * the end.
 */
export async function* eventsFrom(file: EventBytes, begin: number): AsyncGenerator<readonly PlacedEvent[]> {
  let offset = begin;
  let length = CHUNK_BYTES;
  while (offset < file.size && length <= MAX_EVENT_BYTES) {
    const bytes = await file.readAt(offset, Math.min(length, file.size - offset));
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0 && bytes.length < length) return;
    // One event is longer than what was read.
    if (end === 0) length *= 2;
    else yield placedEvents(bytes.subarray(0, end), offset);
    if (end > 0) length = CHUNK_BYTES;
    offset += end;
  }
}

function placedEvents(bytes: Buffer, begin: number): readonly PlacedEvent[] {
  const events: PlacedEvent[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(NEWLINE, at) + 1;
    const event = parseEvent(bytes.toString('utf8', at, end - 1));
    if (event) events.push({ event, offset: begin + at, end: begin + end });
    at = end;
  }
  return events;
}

/** Almost every event is output, so that one is looked at without the schema, which takes longer than the parsing. */
function parseEvent(line: string): LogEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isOutput(value) ? value : logEventSchema.safeParse(value).data;
  } catch {
    return undefined;
  }
}

function isOutput(value: unknown): value is Extract<LogEvent, { event: 'cmd_output' }> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'event' in value &&
    value.event === 'cmd_output' &&
    'output' in value &&
    typeof value.output === 'string'
  );
}
