import { memo } from 'react';
import type { LogCommand, LogLine } from '../../shared/contract/log.ts';
import { commandTime } from '../now/command-time.ts';
import type { Theme } from '../terminal/colours.ts';
import { type LineMarks, linePieces } from '../terminal/line-pieces.ts';
import { Piece } from '../terminal/piece.tsx';
import styles from './log-row.module.css';
import { parseLine } from './parse-line.ts';

interface LineRowProps {
  readonly number: number;
  /** Undefined while it is on its way. */
  readonly line: LogLine | undefined;
  readonly marks: LineMarks;
  readonly isMarked: boolean;
  readonly theme: Theme;
}

/** A line of output with its number. */
export const LineRow = memo(({ number, line, marks, isMarked, theme }: LineRowProps) => {
  const shown = line && parseLine(line);
  return (
    <div className={`${styles.row} ${isMarked ? styles.marked : ''}`} data-line={number}>
      <span className={styles.number} data-number={number} aria-hidden="true">
        {number + 1}
      </span>
      <span className={styles.text} dir="ltr">
        {line?.cut?.at === 'begin' && <Cut bytes={line.cut.bytes} where="before this" />}
        {shown && linePieces(shown, marks).map((piece) => <Piece key={piece.start} piece={piece} theme={theme} />)}
        {line?.cut?.at === 'end' && <Cut bytes={line.cut.bytes} where="more in this line" />}
      </span>
    </div>
  );
});

function Cut({ bytes, where }: { readonly bytes: number; readonly where: string }) {
  return <span className={styles.cut}>{` … ${size(bytes)} ${where} `}</span>;
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

interface HeadingRowProps {
  readonly command: LogCommand;
  readonly isOpen: boolean;
  readonly lines: number;
  /** ms since the Unix epoch. */
  readonly now: number;
  readonly isSticky?: boolean;
  readonly onToggle: () => void;
}

/** The line of a command: what it is, how it ended, how long it took. It opens and closes its output. */
export function HeadingRow({ command, isOpen, lines, now, isSticky, onToggle }: HeadingRowProps) {
  const { directive, end, startedAt } = command;
  const [sign, word, tone] = outcomeOf(command);
  return (
    <button
      type="button"
      className={`${styles.heading} ${isSticky ? styles.sticky : ''}`}
      aria-expanded={isOpen}
      onClick={onToggle}
      title={directive}
    >
      <span className={styles.chevron} aria-hidden="true">
        {isOpen ? '▾' : '▸'}
      </span>
      <span className={tone} role="img" aria-label={word}>
        {sign}
      </span>
      <code className={styles.directive}>{directive.split('\n', 1)[0]}</code>
      {end && end.exitCode !== 0 && <span className={styles.failed}>{`exit code ${end.exitCode}`}</span>}
      <span className={styles.quiet}>{lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`}</span>
      <span className={styles.quiet}>{commandTime((end?.at ?? now) - startedAt)}</span>
    </button>
  );
}

function outcomeOf({ end }: LogCommand): readonly [sign: string, word: string, tone: string | undefined] {
  if (!end) return ['●', 'running', styles.running];
  return end.exitCode === 0 ? ['✓', 'passed', styles.passed] : ['✗', 'failed', styles.failed];
}
