import { logEventSchema } from '../hub/wire.ts';
import type { EventFile, LogPosition } from './event-file.ts';

/** What is read at once, in bytes. */
const CHUNK_BYTES = 256 * 1024;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/**
 * Follows a log as plain text, from its begin until it is closed: the directive of each command as a line of its own, then
 * its output as it is. `write` is awaited, so a slow reader slows nobody but itself.
 */
export async function followPlainText(file: EventFile, write: (text: string) => Promise<void>): Promise<void> {
  await followLines(file, async (lines) => {
    const text = lines.map(plainText).join('');
    if (text !== '') await write(text);
  });
}

/** Follows a log line by line, from its begin until it is closed. `take` is awaited, and gets several lines at once. */
export async function followLines(file: EventFile, take: (lines: readonly string[]) => Promise<void>): Promise<void> {
  let position: LogPosition = { event: 0, offset: 0 };
  for (;;) {
    await changedBeyond(file, position.offset);
    if (position.offset >= file.size) return;
    const { events, bytes } = await file.read(position, { events: NO_LIMIT, bytes: CHUNK_BYTES });
    position = { event: position.event + events, offset: position.offset + bytes.length };
    await take(bytes.toString('utf8').split('\n').slice(0, -1));
  }
}

/** One line of a log as plain text; empty for what has none. */
function plainText(line: string): string {
  const event = logEventSchema.parse(JSON.parse(line));
  if (event.event === 'cmd_started') return `${event.directive}\n`;
  return event.event === 'cmd_output' ? event.output : '';
}

function changedBeyond(file: EventFile, offset: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!file.closed && file.size <= offset) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = file.onDidChange(look);
    look();
  });
}
