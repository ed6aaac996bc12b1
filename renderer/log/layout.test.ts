import { describe, expect, it } from 'vitest';
import { LogLayout } from './layout.ts';
import { END, endPlace, fractionOf, placeAt, type ScrollPlace, scrolledBy, scrolledIntoView } from './scroll.ts';

const command = (number: number, firstLine: number, exitCode?: number) => ({
  number,
  directive: `c${number}`,
  startedAt: 0,
  firstLine,
  ...(exitCode === undefined ? {} : { end: { exitCode, at: 1 } }),
});
/** Three lines before the first command; one that passed, one that failed, one that runs. */
const COMMANDS = [command(0, 3, 0), command(1, 10, 2), command(2, 20)];

describe('the rows of a log', () => {
  it('are closed where a command passed, open where it failed or runs, and as their reader wants', () => {
    const layout = new LogLayout(COMMANDS, 30, new Map());
    expect(layout.rows).toBe(3 + 1 + 1 + 10 + 1 + 10);
    expect(layout.at(2)).toEqual({ kind: 'line', command: -1, line: 2 });
    expect(layout.at(3)).toEqual({ kind: 'heading', command: 0 });
    expect(layout.at(4)).toEqual({ kind: 'heading', command: 1 });
    expect(layout.at(5)).toEqual({ kind: 'line', command: 1, line: 10 });
    expect(layout.at(layout.rows)).toBeUndefined();
    const turned = new LogLayout(
      COMMANDS,
      30,
      new Map([
        [0, true],
        [1, false],
      ]),
    );
    expect(turned.rows).toBe(3 + 1 + 7 + 1 + 1 + 10);
    expect(turned.rowOfLine(15)).toBe(turned.rowOfHeading(1));
  });

  it('lead from a line to its row and back', () => {
    for (const folds of [new Map<number, boolean>(), new Map([[0, true]])]) {
      const layout = new LogLayout(COMMANDS, 30, folds);
      for (let row = 0; row < layout.rows; row += 1) {
        const item = layout.at(row);
        if (item?.kind === 'line') expect(layout.rowOfLine(item.line)).toBe(row);
        else expect(layout.rowOfHeading(item?.command ?? -1)).toBe(row);
      }
    }
  });
});

describe('scrolling', () => {
  /** Rows of different heights. */
  const space = { rows: 5_000_000, height: 500, heightOf: (row: number) => 20 + (row % 3) * 10 };
  const at = (row: number, offset = 0): ScrollPlace => ({ kind: 'at', row, offset });

  it('goes there and back', () => {
    for (const pixels of [1, 19, 20, 333, 5_000]) {
      const there = scrolledBy(at(1_000, 5), pixels, space);
      expect(scrolledBy(there, -pixels, space)).toEqual(at(1_000, 5));
    }
  });

  it('ends at the end and at the begin', () => {
    expect(scrolledBy(at(4_999_990), 10_000, space)).toEqual(END);
    expect(scrolledBy(END, 10, space)).toEqual(END);
    expect(scrolledBy(at(3), -10_000, space)).toEqual(at(0));
    expect(scrolledBy(scrolledBy(END, -1, space), 1, space)).toEqual(END);
    expect(scrolledBy(at(0), 100, { ...space, rows: 5 })).toEqual(END);
  });

  it('has a thumb that leads to any row', () => {
    expect(placeAt(1, space)).toEqual(END);
    for (const fraction of [0, 0.001, 0.5, 0.9999]) {
      expect(fractionOf(placeAt(fraction, space), space)).toBeCloseTo(fraction, 6);
    }
    expect(endPlace(space).row).toBeLessThan(5_000_000);
  });

  it('leaves what is in view where it is', () => {
    expect(scrolledIntoView(at(100), 105, space)).toEqual(at(100));
    expect(scrolledIntoView(at(100), 4_999_999, space)).toEqual(END);
    const far = scrolledIntoView(at(100), 4_000_000, space);
    expect(far.kind === 'at' && far.row).toBeGreaterThan(3_999_980);
    expect(far.kind === 'at' && far.row).toBeLessThan(4_000_000);
  });
});
