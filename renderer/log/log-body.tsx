import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import type { LogCommand, OpenedLog } from '../../shared/contract/log.ts';
import { LogLayout, type LogRow } from './layout.ts';
import styles from './log.module.css';
import { logKey } from './log-keys.ts';
import { Rows, Sticky } from './log-rows.tsx';
import { useLog } from './log-store.ts';
import { parseLine } from './parse-line.ts';
import { SearchScrollBar } from './search-scroll-bar.tsx';
import { isEmptySelection, LINE_END, type TextSelection } from './selection.ts';
import { type LogScroll, useScroll } from './use-scroll.ts';
import { useSelection } from './use-selection.ts';
import { useKeptOpen, useWanted } from './use-wanted.ts';

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
    const act = logKey(event, scroll, { selectAll, clear: () => select(undefined) });
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
          <Rows first={scroll.first} {...{ rows, log, layout, now, selection, markedLine }} />
        </div>
      </div>
      <SearchScrollBar layout={layout} scroll={scroll} controls={LOG_ID} />
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

function lineOf(row: LogRow | undefined, commands: readonly LogCommand[]): number {
  if (row?.kind === 'line') return row.line;
  return commands[row?.command ?? 0]?.firstLine ?? 0;
}

function shiftOf({ shift }: LogScroll) {
  if (shift === 'end') return { 'data-end': true };
  return { style: { transform: `translateY(${-shift}px)` } };
}

/** A link opens in the user's browser, which main does after a look at it. */
function followLink(event: { target: EventTarget; preventDefault(): void }, onLink: (url: string) => void): void {
  const link = (event.target as Element).closest('a');
  if (!link) return;
  event.preventDefault();
  onLink(link.href);
}
