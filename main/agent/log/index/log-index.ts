import type { LogCommand } from '../../../../shared/contract/log.ts';
import { PLAIN_STYLE, styleAfter, type TextStyle } from '../../../../shared/terminal/text-style.ts';
import type { LogEvent } from '../../hub/wire.ts';
import { type OutputText, outputTextOf } from './output-text.ts';
import { type SavedIndex, type SavedPlace, savedIndexSchema } from './saved-index.ts';

/** A place in the file from which lines can be read without what stands before it. */
export interface Checkpoint {
  /** Where an event begins, in bytes. */
  readonly offset: number;
  /** The line that is open there, or else the next one to begin. From 0. */
  readonly line: number;
  readonly isOpen: boolean;
  readonly style: TextStyle;
}

/** At first a place for each so many bytes. */
const FIRST_STRIDE = 16 * 1024;
/** So many places at most: then every second one goes, so that an index does not grow with its log. */
const MAX_CHECKPOINTS = 4096;
/** A directive may be a whole script; people know it by its begin. In characters. */
const DIRECTIVE_LIMIT = 500;
/** Longer than this no sequence of a terminal is. */
const SEQUENCE_LIMIT = 64;

const FIRST_CHECKPOINT: Checkpoint = { offset: 0, line: 0, isOpen: false, style: PLAIN_STYLE };

/**
 * Where the lines of a log stand in its file: commands, and now and then a place to read from. It is fed with every event
 * in order, and costs little more than counting newlines. A line ends with its newline, or with its command; lines are counted through the whole log, from 0.
 */
export class LogIndex {
  private places: Checkpoint[] = [FIRST_CHECKPOINT];
  private readonly known: LogCommand[] = [];
  private readonly offsets: number[] = [];
  private readonly watchers = new Set<(command: LogCommand) => void>();
  private stride = FIRST_STRIDE;
  private size = 0;
  private ended = 0;
  private isOpen = false;
  private style = PLAIN_STYLE;
  private cutSequence = '';
  private outcome = '';

  /** Lines so far, one that is not finished included. */
  get lines(): number {
    return this.ended + (this.isOpen ? 1 : 0);
  }
  /** Bytes of the file that are in it. */
  get bytes(): number {
    return this.size;
  }
  get commands(): readonly LogCommand[] {
    return this.known;
  }
  get checkpoints(): readonly Checkpoint[] {
    return this.places;
  }
  /** The job's result; empty while there is none. */
  get result(): string {
    return this.outcome;
  }

  /** Takes the next event. `bytes`: of its line in the file; `at`: when it came, in ms since the Unix epoch. */
  add(event: LogEvent, bytes: number, at: number): void {
    this.addPlace();
    const offset = this.size;
    this.size += bytes;
    switch (event.event) {
      case 'cmd_output':
        if (event.output !== '') this.takeOutput(outputTextOf(event.output));
        break;
      case 'cmd_started':
        this.endLine();
        this.start(event.directive, at, offset);
        break;
      case 'cmd_finished':
        this.endLine();
        this.finish(event.exit_code, at);
        break;
      case 'job_finished':
        this.outcome = event.result;
        break;
      case 'job_started':
        break;
    }
  }

  /** Takes the next event, which is output. `bytes`: of its line in the file. */
  addOutput(output: OutputText, bytes: number): void {
    this.addPlace();
    this.size += bytes;
    this.takeOutput(output);
  }

  /** Passes over what is no event. */
  skipTo(offset: number): void {
    this.size = Math.max(this.size, offset);
  }

  /** The last place at or before the begin of a line. */
  placeBefore(line: number): Checkpoint {
    return this.lastPlace((place) => place.line + (place.isOpen ? 1 : 0) <= line);
  }

  /** The last place that lies within a line; undefined for one that is not so long. */
  placeWithin(line: number): Checkpoint | undefined {
    const place = this.lastPlace((one) => one.line < line || (one.line === line && one.isOpen));
    return place.line === line && place.isOpen ? place : undefined;
  }

  /** The number of the command to which the byte at an offset belongs; -1 before the first one. */
  numberAt(offset: number): number {
    return lastIndex(this.offsets, (begin) => begin <= offset);
  }

  /** Calls `watcher` with every command that begins or ends, until the function that it returns is called. */
  onDidChange(watcher: (command: LogCommand) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  toJSON(): SavedIndex {
    const { stride, size, ended, isOpen, style, known, offsets, outcome } = this;
    const places = this.places.map(
      (place): SavedPlace => [place.offset, place.line, place.isOpen ? 1 : 0, ...styleNumbers(place.style)],
    );
    // A sequence that is cut off is the reader's to see again; an index is saved where none is.
    return {
      version: 1,
      stride,
      size,
      ended,
      isOpen,
      style: styleNumbers(style),
      places,
      commands: known,
      offsets,
      outcome,
    };
  }

  /** An index as it was saved; undefined for what is none. */
  static from(saved: unknown): LogIndex | undefined {
    const { data: good } = savedIndexSchema.safeParse(saved);
    if (!good) return undefined;
    const index = new LogIndex();
    Object.assign(index, { stride: good.stride, size: good.size, ended: good.ended, isOpen: good.isOpen });
    index.style = styleOf(good.style);
    index.places = good.places.map(([offset, line, isOpen, ...style]) => ({
      offset,
      line,
      isOpen: isOpen === 1,
      style: styleOf(style),
    }));
    index.known.push(...good.commands);
    index.offsets.push(...good.offsets);
    index.outcome = good.outcome;
    return index;
  }

  private lastPlace(isBefore: (place: Checkpoint) => boolean): Checkpoint {
    return this.places[lastIndex(this.places, isBefore)] ?? FIRST_CHECKPOINT;
  }

  /** Never within a sequence: its rest would be text to who begins there. */
  private addPlace(): void {
    if (this.cutSequence !== '' || this.size - (this.places.at(-1)?.offset ?? 0) < this.stride) return;
    this.places.push({ offset: this.size, line: this.ended, isOpen: this.isOpen, style: this.style });
    if (this.places.length <= MAX_CHECKPOINTS) return;
    this.places = this.places.filter((_, n) => n % 2 === 0);
    this.stride *= 2;
  }

  private takeOutput(output: OutputText): void {
    this.ended += output.newlines;
    this.isOpen = !output.endsWithNewline;
    if (this.cutSequence === '' && !output.hasEscape) return;
    const text = this.cutSequence + output.text();
    this.style = styleAfter(this.style, text);
    this.cutSequence = cutSequenceOf(text);
  }

  private endLine(): void {
    if (this.isOpen) this.ended += 1;
    this.isOpen = false;
    this.style = PLAIN_STYLE;
    this.cutSequence = '';
  }

  private start(directive: string, at: number, offset: number): void {
    const command: LogCommand = {
      number: this.known.length,
      directive: shortDirective(directive),
      startedAt: at,
      firstLine: this.ended,
    };
    this.known.push(command);
    this.offsets.push(offset);
    this.tell(command);
  }

  private finish(exitCode: number, at: number): void {
    const last = this.known.at(-1);
    if (!last || last.end) return;
    const command = { ...last, end: { exitCode, at } };
    this.known[last.number] = command;
    this.tell(command);
  }

  private tell(command: LogCommand): void {
    for (const watcher of [...this.watchers]) watcher(command);
  }
}

/** A directive as people know it. */
export function shortDirective(directive: string): string {
  return directive.slice(0, DIRECTIVE_LIMIT);
}

/** The index of the last element for which `isBefore` holds, where it holds for a first part; -1 if for none. */
function lastIndex<T>(elements: readonly T[], isBefore: (element: T) => boolean): number {
  let low = -1;
  let high = elements.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const element = elements[middle];
    if (element !== undefined && isBefore(element)) low = middle;
    else high = middle;
  }
  return low;
}

/** What of a text's end may be the begin of a sequence that goes on in the next text. */
function cutSequenceOf(text: string): string {
  const at = text.lastIndexOf('\u001b');
  const rest = text.slice(at);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with one
  return at >= 0 && rest.length < SEQUENCE_LIMIT && /^\u001b(?:\[[0-?]*)?$/.test(rest) ? rest : '';
}

function styleNumbers({ fg, bg, flags }: TextStyle): [number, number, number] {
  return [fg, bg, flags];
}

function styleOf([fg, bg, flags]: [number, number, number]): TextStyle {
  return { fg, bg, flags };
}
