import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import type { LogCommand, OpenedLog } from '../../shared/contract/log.ts';
import { LogLayout, type LogRow } from './layout.ts';
import { type LineMarks, NO_MARKS, parseLine } from './line-pieces.ts';
import styles from './log.module.css';
import { HeadingRow, LineRow } from './log-row.tsx';
import { useLog } from './log-store.ts';
import { ScrollBar } from './scroll-bar.tsx';
import { matchesOfLine, useSearch } from './search-store.ts';
import { isEmptySelection, LINE_END, selectedIn, type TextSelection } from './selection.ts';
import { LINE_HEIGHT, type LogScroll, useScroll } from './use-scroll.ts';
import { useSelection } from './use-selection.ts';
import { useTheme } from './use-theme.ts';

const LOG_ID = 'log-body';

/** What the view around it can ask of the log. */
export interface LogBodyHandle {
  /** Brings a line into view and opens its command. */
  reveal(line: number): void;
  toEnd(): void;
  topLine(): number;
  isInView(line: number): boolean;
  selection(): TextSelection | undefined;
  focus(): void;
}

interface LogBodyProps {
  readonly log: OpenedLog;
  readonly wraps: boolean;
  /** A line that stands out: one that was jumped to. */
  readonly markedLine: number | undefined;
  readonly now: number;
  readonly handle: Ref<LogBodyHandle>;
  readonly onFollowing: (isAtEnd: boolean) => void;
  readonly onLink: (url: string) => void;
}

/** The rows of a log, of which only those are drawn that are in view. */
export function LogBody({ log, wraps, markedLine, now, handle, onFollowing, onLink }: LogBodyProps) {
  const folds = useLog((slice) => slice.folds);
  const fold = useLog((slice) => slice.fold);
  const cache = useLog((slice) => slice.cache);
  useLog((slice) => slice.version);
  const layout = useMemo(() => new LogLayout(log.commands, log.lines, folds), [log.commands, log.lines, folds]);
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const scroll = useScroll(layout, wraps, box, content);
  const textOf = (line: number) => textOfLine(cache?.line(line));
  const { selection, select, ...pointer } = useSelection(scroll.by, textOf);
  const rows = rowsOf(layout, scroll);
  useWanted(rows, layout, scroll);
  useKeptOpen(layout, scroll);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change is told
  useEffect(() => onFollowing(scroll.isAtEnd), [scroll.isAtEnd]);
  const reveal = (line: number) => {
    const command = layout.commandOfLine(line);
    if (command < 0 || layout.isOpen(command)) return scroll.reveal(layout.rowOfLine(line), layout);
    fold(command, true);
    const opened = new LogLayout(log.commands, log.lines, new Map(folds).set(command, true));
    scroll.reveal(opened.rowOfLine(line), opened);
  };
  const toEnd = () => scroll.toFraction(1);
  useImperativeHandle(handle, () => ({
    reveal,
    toEnd,
    topLine: () => lineOf(layout.at(scroll.top), log.commands),
    isInView: (line) => rows.some((row) => row.kind === 'line' && row.line === line),
    selection: () => (selection && !isEmptySelection(selection) ? selection : undefined),
    focus: () => box.current?.focus(),
  }));
  const selectAll = () =>
    select({ anchor: { line: 0, column: 0 }, head: { line: Math.max(0, log.lines - 1), column: LINE_END } });
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keyOf(event, scroll, { selectAll, clear: () => select(undefined) });
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div className={styles.frame}>
      <div
        id={LOG_ID}
        ref={box}
        className={styles.box}
        data-wraps={wraps || undefined}
        role="log"
        aria-label="Log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={(event) => followLink(event, onLink)}
        {...pointer}
      >
        <Sticky layout={layout} scroll={scroll} log={log} now={now} />
        <div ref={content} className={styles.content} {...shiftOf(scroll)}>
          {rows.map((row, n) => (
            <Row key={keyOfRow(row, scroll.first + n, rows.length)} row={row} {...{ log, layout, now, selection, markedLine }} />
          ))}
        </div>
      </div>
      <SearchScrollBar layout={layout} scroll={scroll} />
    </div>
  );
}

function textOfLine(line: Parameters<typeof parseLine>[0] | undefined): string {
  return line ? parseLine(line).text : '';
}

function rowsOf(layout: LogLayout, { first, last }: LogScroll): readonly LogRow[] {
  const rows: LogRow[] = [];
  for (let row = first; row < last; row += 1) {
    const item = layout.at(row);
    if (item) rows.push(item);
  }
  return rows;
}

/** A row that leaves the view gives its element to one that comes into it: to change a text costs less than to make a row. */
function keyOfRow(row: LogRow, number: number, rows: number): string {
  if (row.kind === 'heading') return `c${row.command}`;
  // A power of two stays the same while the number of rows in view changes a little as one scrolls.
  return `${number % 2 ** Math.ceil(Math.log2(rows + 1))}`;
}

function lineOf(row: LogRow | undefined, commands: readonly LogCommand[]): number {
  if (row?.kind === 'line') return row.line;
  return commands[row?.command ?? 0]?.firstLine ?? 0;
}

function shiftOf({ shift }: LogScroll) {
  if (shift === 'end') return { 'data-end': true };
  return { style: { transform: `translateY(${-shift}px)` } };
}

/** Lines in view are fetched, and their matches. */
function useWanted(rows: readonly LogRow[], layout: LogLayout, { first }: LogScroll): void {
  const cache = useLog((slice) => slice.cache);
  const version = useLog((slice) => slice.version);
  const want = useSearch((slice) => slice.want);
  const progress = useSearch((slice) => slice.progress);
  const lines = rows.flatMap((row) => (row.kind === 'line' ? [row.line] : []));
  const [from = 0, to = -1] = [lines[0], lines.at(-1)];
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes, or grows, may make others wanted
  useEffect(() => {
    if (to < from) return;
    cache?.want(from, to + 1);
    want(from, to + 1);
  }, [cache, version, from, to, layout, first, progress, want]);
}

/** A command that passes closes by itself, but not under the eyes of who reads it. */
function useKeptOpen(layout: LogLayout, { isAtEnd, top }: LogScroll): void {
  const fold = useLog((slice) => slice.fold);
  const folds = useLog((slice) => slice.folds);
  const read = useRef(-1);
  useLayoutEffect(() => {
    const kept = read.current;
    if (!isAtEnd && kept >= 0 && !folds.has(kept) && !layout.isOpen(kept)) fold(kept, true);
    const row = layout.at(top);
    read.current = row?.kind === 'line' ? row.command : -1;
  }, [layout, isAtEnd, top, folds, fold]);
}

interface RowProps {
  readonly row: LogRow;
  readonly log: OpenedLog;
  readonly layout: LogLayout;
  readonly now: number;
  readonly selection: TextSelection | undefined;
  readonly markedLine: number | undefined;
}

function Row({ row, log, layout, now, selection, markedLine }: RowProps): ReactNode {
  const theme = useTheme();
  const cache = useLog((slice) => slice.cache);
  const pages = useSearch((slice) => slice.pages);
  const current = useSearch((slice) => slice.current);
  if (row.kind === 'heading') return <Heading command={log.commands[row.command]} layout={layout} now={now} />;
  const line = cache?.line(row.line);
  const length = line ? parseLine(line).text.length : 0;
  const matches = line?.cut?.at === 'begin' ? [] : matchesOfLine(pages, row.line);
  const selected = selectedIn(selection, row.line, length);
  const own = current?.line === row.line ? current : undefined;
  const marks: LineMarks =
    matches.length > 0 || selected || own ? { matches, current: own, selection: selected } : NO_MARKS;
  return <LineRow number={row.line} line={line} marks={marks} isMarked={row.line === markedLine} theme={theme} />;
}

interface HeadingProps {
  readonly command: LogCommand | undefined;
  readonly layout: LogLayout;
  readonly now: number;
  readonly isSticky?: boolean;
  readonly onToggled?: () => void;
}

function Heading({ command, layout, now, isSticky = false, onToggled }: HeadingProps) {
  const fold = useLog((slice) => slice.fold);
  if (!command) return null;
  const isOpen = layout.isOpen(command.number);
  const toggle = () => {
    fold(command.number, !isOpen);
    onToggled?.();
  };
  return (
    <HeadingRow
      command={command}
      isOpen={isOpen}
      lines={layout.linesOf(command.number)}
      now={now}
      isSticky={isSticky}
      onToggle={toggle}
    />
  );
}

/** The heading of the command at the upper edge stays there while its lines pass under it. */
function Sticky({
  layout,
  scroll,
  log,
  now,
}: {
  readonly layout: LogLayout;
  readonly scroll: LogScroll;
  readonly log: OpenedLog;
  readonly now: number;
}) {
  const row = layout.at(scroll.top);
  if (row?.kind !== 'line' || row.command < 0 || scroll.shift === 0) return null;
  const toHeading = () => scroll.toRow(layout.rowOfHeading(row.command), layout);
  return <Heading command={log.commands[row.command]} layout={layout} now={now} isSticky onToggled={toHeading} />;
}

/** Always the same: what has not changed is not painted again. */
const NO_PLACES: readonly number[] = [];

function SearchScrollBar({ layout, scroll }: { readonly layout: LogLayout; readonly scroll: LogScroll }) {
  const progress = useSearch((slice) => slice.progress);
  const marks = useMemo(() => {
    if (!progress || progress.matches === 0 || layout.rows === 0) return NO_PLACES;
    const { marks: counts, linesPerMark } = progress;
    return counts.flatMap((count, n) => (count > 0 ? [layout.rowOfLine(n * linesPerMark) / layout.rows] : []));
  }, [progress, layout]);
  const { fraction, visible, height, toFraction } = scroll;
  return <ScrollBar {...{ fraction, visible, height, marks }} controls={LOG_ID} onMove={toFraction} />;
}

/** A link opens in the user's browser, which main does after a look at it. */
function followLink(event: { target: EventTarget; preventDefault(): void }, onLink: (url: string) => void): void {
  const link = (event.target as Element).closest('a');
  if (!link) return;
  event.preventDefault();
  onLink(link.href);
}

/** What a key does in the log; undefined where it is nobody's. */
function keyOf(
  { key, ctrlKey, metaKey, altKey, target, currentTarget }: KeyboardEvent,
  scroll: LogScroll,
  act: { readonly selectAll: () => void; readonly clear: () => void },
): (() => void) | undefined {
  const isCommand = ctrlKey || metaKey;
  if (altKey) return undefined;
  if (isCommand && key.toLowerCase() === 'a') return act.selectAll;
  if (isCommand && !['Home', 'End'].includes(key)) return undefined;
  // On a button within it, the space bar is the button's.
  if (key === ' ' && target !== currentTarget) return undefined;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => scroll.by(LINE_HEIGHT * 2),
    ArrowUp: () => scroll.by(-LINE_HEIGHT * 2),
    PageDown: () => scroll.pages(1),
    PageUp: () => scroll.pages(-1),
    ' ': () => scroll.pages(1),
    Home: () => scroll.toFraction(0),
    End: () => scroll.toFraction(1),
    Escape: act.clear,
  };
  return keys[key];
}
