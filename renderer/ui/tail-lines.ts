/** A line of the tail: output, the name of the command that it belongs to, or a place where output was passed over. */
export interface TailLine {
  /** Grows by one with every line. */
  readonly key: number;
  readonly kind: 'output' | 'heading' | 'skipped';
  readonly text: string;
}

/** The last lines of a log. */
export interface TailLines {
  readonly lines: readonly TailLine[];
  /** Raw text behind the last newline. */
  readonly partial: string;
  readonly nextKey: number;
}

export const NO_LINES: TailLines = { lines: [], partial: '', nextKey: 0 };

/** So many lines are kept. */
const KEPT = 1_000;
/** Of a line that does not end, so many characters at its end are kept. */
const PARTIAL_LIMIT = 16 * 1024;

// What a terminal obeys and does not show: control sequences, titles and links, single escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are made of
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-Z\\^-~])/g;

/** Adds output, cut anywhere. */
export function withOutput(before: TailLines, text: string): TailLines {
  const parts = (before.partial + text).split('\n');
  const partial = (parts.pop() ?? '').slice(-PARTIAL_LIMIT);
  return added(before, 'output', parts.slice(-KEPT).map(shown), partial);
}

/** Adds a line of its own; what was an unfinished line is one then. */
export function withLine(before: TailLines, kind: 'heading' | 'skipped', text: string): TailLines {
  return added(withEnd(before), kind, [text], '');
}

/** The unfinished line, as it looks; empty if there is none. */
export function unfinishedLine({ partial }: TailLines): string {
  return shown(partial);
}

function withEnd(before: TailLines): TailLines {
  return before.partial === '' ? before : added(before, 'output', [shown(before.partial)], '');
}

function added(before: TailLines, kind: TailLine['kind'], texts: readonly string[], partial: string): TailLines {
  if (texts.length === 0) return { ...before, partial };
  const lines = texts.map((text, n): TailLine => ({ key: before.nextKey + n, kind, text }));
  return { lines: [...before.lines, ...lines].slice(-KEPT), partial, nextKey: before.nextKey + texts.length };
}

/** A line as a terminal would leave it: what follows a carriage return goes over what stood there. */
function shown(raw: string): string {
  const plain = raw.replace(ESCAPES, '');
  if (!plain.includes('\r')) return plain;
  return plain.split('\r').reduce((line, over) => over + line.slice(over.length), '');
}
