import type { ReactNode } from 'react';
import type { LogCommand, LogLine, LogMatch, OpenedLog } from '../../shared/contract/log.ts';
import { type LineMarks, NO_MARKS } from '../terminal/line-pieces.ts';
import { useTheme } from '../terminal/use-theme.ts';
import type { LogLayout, LogRow } from './layout.ts';
import { HeadingRow, LineRow } from './log-row.tsx';
import { useLog } from './log-store.ts';
import { parseLine } from './parse-line.ts';
import { matchesOfLine, useSearch } from './search-store.ts';
import { selectedIn, type TextSelection } from './selection.ts';
import type { LogScroll } from './use-scroll.ts';

interface RowsProps {
  readonly rows: readonly LogRow[];
  /** The number of the first of them in the layout. */
  readonly first: number;
  readonly log: OpenedLog;
  readonly layout: LogLayout;
  readonly now: number;
  readonly selection: TextSelection | undefined;
  readonly markedLine: number | undefined;
}

/** Rows of the log, with what the reader has searched and selected in them. */
export function Rows({ rows, first, log, layout, now, selection, markedLine }: RowsProps): ReactNode {
  const theme = useTheme();
  const cache = useLog((slice) => slice.cache);
  const pages = useSearch((slice) => slice.pages);
  const current = useSearch((slice) => slice.current);
  return rows.map((row, n) => {
    const key = keyOfRow(row, first + n, rows.length);
    if (row.kind === 'heading') {
      return <Heading key={key} command={log.commands[row.command]} layout={layout} now={now} />;
    }
    const line = cache?.line(row.line);
    const marks = marksOf(row.line, line, { pages, current, selection });
    return <LineRow key={key} number={row.line} isMarked={row.line === markedLine} {...{ line, marks, theme }} />;
  });
}

/** A row that leaves the view gives its element to one that comes into it: to change a text costs less than to make a row. */
function keyOfRow(row: LogRow, number: number, rows: number): string {
  if (row.kind === 'heading') return `c${row.command}`;
  // A power of two stays the same while the number of rows in view changes a little as one scrolls.
  return `${number % 2 ** Math.ceil(Math.log2(rows + 1))}`;
}

interface Marked {
  readonly pages: Parameters<typeof matchesOfLine>[0];
  readonly current: LogMatch | undefined;
  readonly selection: TextSelection | undefined;
}

function marksOf(number: number, line: LogLine | undefined, { pages, current, selection }: Marked): LineMarks {
  // Of a line whose begin is left out nobody knows where its matches are.
  const matches = line?.cut?.at === 'begin' ? [] : matchesOfLine(pages, number);
  const own = current?.line === number ? current : undefined;
  const selected = selection && selectedIn(selection, number, line ? parseLine(line).text.length : 0);
  return matches.length > 0 || selected || own ? { matches, current: own, selection: selected } : NO_MARKS;
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
export function Sticky({
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
