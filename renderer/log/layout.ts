import type { LogCommand } from '../../shared/contract/log.ts';

/** A row of the view: the heading of a command, or a line of its output. */
export type LogRow =
  | { readonly kind: 'heading'; readonly command: number }
  | { readonly kind: 'line'; readonly command: number; readonly line: number };

/** Lines that belong together: those of a command, or (command -1) those before the first one. */
interface Section {
  readonly command: number;
  readonly firstLine: number;
  readonly lines: number;
  readonly isOpen: boolean;
  /** The row of its heading, or of its first line where it has none. */
  readonly firstRow: number;
}

/** What is open and what is closed by its reader; anything else is as it is by itself. */
export type Folds = ReadonlyMap<number, boolean>;

/** What a command shows by itself: one that failed or runs its output, one that passed nothing. */
export function isOpenByItself({ end }: LogCommand): boolean {
  return end === undefined || end.exitCode !== 0;
}

/** Where everything stands: rows from 0, and which line or heading each is. Costs as much as there are commands, not lines. */
export class LogLayout {
  private readonly sections: readonly Section[];
  readonly rows: number;

  constructor(
    readonly commands: readonly LogCommand[],
    readonly lines: number,
    folds: Folds,
  ) {
    const sections: Section[] = [];
    let row = 0;
    const add = (command: number, firstLine: number, end: number, isOpen: boolean) => {
      const count = Math.max(0, end - firstLine);
      sections.push({ command, firstLine, lines: count, isOpen, firstRow: row });
      row += (command < 0 ? 0 : 1) + (isOpen ? count : 0);
    };
    const first = commands[0]?.firstLine ?? lines;
    if (first > 0) add(-1, 0, first, true);
    for (const [n, command] of commands.entries()) {
      const isOpen = folds.get(command.number) ?? isOpenByItself(command);
      add(command.number, command.firstLine, commands[n + 1]?.firstLine ?? lines, isOpen);
    }
    this.sections = sections;
    this.rows = row;
  }

  /** The row of a number; undefined beyond the end. */
  at(row: number): LogRow | undefined {
    const section = this.sections[this.last((one) => one.firstRow <= row)];
    if (!section || row < 0 || row >= this.rows) return undefined;
    const within = row - section.firstRow - (section.command < 0 ? 0 : 1);
    if (within < 0) return { kind: 'heading', command: section.command };
    return { kind: 'line', command: section.command, line: section.firstLine + within };
  }

  /** The row of a line; that of its heading where it is folded away. */
  rowOfLine(line: number): number {
    const section = this.sections[this.last((one) => one.firstLine <= line)];
    if (!section) return 0;
    const within = Math.min(line - section.firstLine, Math.max(0, section.lines - 1));
    if (!section.isOpen || section.lines === 0) return section.firstRow;
    return section.firstRow + (section.command < 0 ? 0 : 1) + within;
  }

  rowOfHeading(command: number): number {
    return this.sections.find((section) => section.command === command)?.firstRow ?? 0;
  }

  /** The command to which a line belongs; -1 before the first one. */
  commandOfLine(line: number): number {
    return this.sections[this.last((one) => one.firstLine <= line)]?.command ?? -1;
  }

  isOpen(command: number): boolean {
    return this.sections.find((section) => section.command === command)?.isOpen ?? false;
  }

  linesOf(command: number): number {
    return this.sections.find((section) => section.command === command)?.lines ?? 0;
  }

  private last(isBefore: (section: Section) => boolean): number {
    let low = -1;
    let high = this.sections.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const section = this.sections[middle];
      if (section && isBefore(section)) low = middle;
      else high = middle;
    }
    return low;
  }
}
