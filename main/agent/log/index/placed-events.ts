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

/** What of a file is read. */
interface ReadRange {
  /** Where an event begins. */
  readonly begin: number;
  /** Where an event ends; without it the size that the file has when one gets there. */
  readonly end?: number;
  /** What is read at once, in bytes, where that is not as much as is good for a whole log. */
  readonly chunk?: number;
}

/**
 * The events of a part of a file, as they are read; each is parsed when somebody gets to it. A line that is no event (a file
 * that was written to while its machine lost power) is passed over, one that is not whole is the end.
 */
export async function* eventsFrom(file: EventBytes, range: ReadRange): AsyncGenerator<Iterable<PlacedEvent>> {
  const { begin, end = Number.POSITIVE_INFINITY, chunk = CHUNK_BYTES } = range;
  let offset = begin;
  let length = chunk;
  while (offset < Math.min(file.size, end) && length <= MAX_EVENT_BYTES) {
    const bytes = await file.readAt(offset, Math.min(length, Math.min(file.size, end) - offset));
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    if (whole === 0 && bytes.length < length) return;
    // One event is longer than what was read.
    if (whole === 0) length *= 2;
    else yield placedEvents(bytes.subarray(0, whole), offset);
    if (whole > 0) length = chunk;
    offset += whole;
  }
}

function* placedEvents(bytes: Buffer, begin: number): Generator<PlacedEvent> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at) + 1;
    const event = parseEvent(bytes.toString('utf8', at, end - 1));
    if (event) yield { event, offset: begin + at, end: begin + end };
    at = end;
  }
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
