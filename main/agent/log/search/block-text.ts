import { visibleText } from '../../../../shared/terminal/terminal-line.ts';
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

/** The text of the lines that begin in a block. */
export async function blockText(file: EventBytes, block: Block): Promise<BlockText> {
  const firstLine = block.line + (block.isOpen ? 1 : 0);
  const raw = await rawText(file, block);
  const begin = block.isOpen ? raw.indexOf('\n') + 1 : 0;
  if (block.isOpen && begin === 0) return { firstLine, text: '' };
  return { firstLine, text: withoutSequences(raw.slice(begin)) };
}

async function rawText(file: EventBytes, block: Block): Promise<string> {
  let text = '';
  let overhang = 0;
  for await (const events of eventsFrom(file, block.offset)) {
    for (const { event, offset } of events) {
      const isBehind = offset >= block.end;
      if (isBehind && (text === '' || text.endsWith('\n') || overhang > OVERHANG)) return text;
      if (event.event === 'cmd_output') {
        const newline = isBehind ? event.output.indexOf('\n') : -1;
        text += newline < 0 ? event.output : event.output.slice(0, newline + 1);
        if (isBehind) overhang += event.output.length;
      } else if (event.event === 'cmd_started' || event.event === 'cmd_finished') {
        // A line ends with its command.
        if (text === '' ? block.isOpen : !text.endsWith('\n')) text += '\n';
      }
    }
  }
  return text;
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
