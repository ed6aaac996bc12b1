import type { ReactNode } from 'react';
import type { LogCommand, OpenedLog } from '../../shared/contract/log.ts';
import type { LogLayout, LogRow } from './layout.ts';
import { type LineMarks, NO_MARKS, parseLine } from './line-pieces.ts';
import { HeadingRow, LineRow } from './log-row.tsx';
import { useLog } from './log-store.ts';
import { matchesOfLine, useSearch } from './search-store.ts';
import { selectedIn, type TextSelection } from './selection.ts';
import type { LogScroll } from './use-scroll.ts';
import { useTheme } from './use-theme.ts';

interface RowProps {
  readonly row: LogRow;
  readonly log: OpenedLog;
  readonly layout: LogLayout;
  readonly now: number;
  readonly selection: TextSelection | undefined;
  readonly markedLine: number | undefined;
}

/** A row of the log, with what the reader has searched and selected in it. */
export function Row({ row, log, layout, now, selection, markedLine }: RowProps): ReactNode {
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
