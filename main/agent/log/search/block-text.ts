import { visibleText } from '../../../../shared/terminal/terminal-line.ts';
import type { LogEvent } from '../../hub/wire.ts';
import { type EventBytes, eventsFrom } from '../index/placed-events.ts';

/** A part of a log, from one place of its index to the next. Its lines are those that begin in it. */
export interface Block {
  readonly offset: number;
  readonly end: number;
  /** The line that is open at its begin, or else its first one. */
  readonly line: number;
  readonly isOpen: boolean;
}

/** The visible text of lines that follow each other. */
export interface BlockText {
  readonly firstLine: number;
  readonly text: string;
}

/** Of the last line of a block so much is read that lies behind the block, in UTF-16 code units: a line may be endless. */
const OVERHANG = 1024 * 1024;
/** That is read in smaller parts, as most lines end soon. In bytes: one event of output at least. */
const OVERHANG_CHUNK = 32 * 1024;

/** The text of the lines that begin in a block. */
export async function blockText(file: EventBytes, block: Block): Promise<BlockText> {
  const firstLine = block.line + (block.isOpen ? 1 : 0);
  const raw = new RawText(block.isOpen);
  for await (const events of eventsFrom(file, { begin: block.offset, end: block.end })) {
    for (const { event } of events) raw.add(event);
  }
  if (!raw.isAtLineBegin) await addLineEnd(raw, file, block.end);
  const text = raw.take();
  const begin = block.isOpen ? text.indexOf('\n') + 1 : 0;
  if (block.isOpen && begin === 0) return { firstLine, text: '' };
  return { firstLine, text: withoutSequences(text.slice(begin)) };
}

/** A block's last line may end behind it. */
async function addLineEnd(raw: RawText, file: EventBytes, begin: number): Promise<void> {
  let length = 0;
  for await (const events of eventsFrom(file, { begin, chunk: OVERHANG_CHUNK })) {
    for (const { event } of events) {
      const newline = event.event === 'cmd_output' ? event.output.indexOf('\n') : -1;
      if (event.event === 'cmd_output' && newline >= 0)
        raw.add({ ...event, output: event.output.slice(0, newline + 1) });
      else raw.add(event);
      if (event.event === 'cmd_output') length += event.output.length;
      if (raw.isAtLineBegin || length > OVERHANG) return;
    }
  }
}

/** Output as it came from the terminal, a line's end behind every command's. */
class RawText {
  isAtLineBegin: boolean;
  private readonly pieces: string[] = [];

  constructor(isOpen: boolean) {
    this.isAtLineBegin = !isOpen;
  }

  add(event: LogEvent): void {
    if (event.event === 'cmd_output') this.push(event.output);
    else if ((event.event === 'cmd_started' || event.event === 'cmd_finished') && !this.isAtLineBegin) this.push('\n');
  }

  take(): string {
    return this.pieces.join('');
  }

  private push(text: string): void {
    if (text === '') return;
    this.pieces.push(text);
    this.isAtLineBegin = text.endsWith('\n');
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with one
const COLOURS = /\u001b\[[0-9;:]*m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is left that a terminal obeys
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** The same text as `visibleText` line by line; where colours are all that there is, they go in one sweep. */
function withoutSequences(raw: string): string {
  const text = raw.includes('\u001b') ? raw.replace(COLOURS, '') : raw;
  if (!CONTROLS.test(text)) return text;
  return raw.split('\n').map(visibleLine).join('\n');
}

function visibleLine(raw: string): string {
  const text = raw.replace(COLOURS, '');
  return CONTROLS.test(text) ? visibleText(raw) : text;
}
