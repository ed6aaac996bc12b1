import { memo } from 'react';
import type { LogCommand, LogLine } from '../../shared/contract/log.ts';
import { STYLE_FLAGS } from '../../shared/terminal/text-style.ts';
import { commandTime } from '../now/command-time.ts';
import { paintOf, type Theme } from './colours.ts';
import { type LineMarks, type LinePiece, linePieces, parseLine } from './line-pieces.ts';
import styles from './log-row.module.css';

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

const FLAG_CLASSES: readonly (readonly [flag: number, name: string | undefined])[] = [
  [STYLE_FLAGS.bold, styles.bold],
  [STYLE_FLAGS.italic, styles.italic],
  [STYLE_FLAGS.underline, styles.underline],
  [STYLE_FLAGS.strike, styles.strike],
  [STYLE_FLAGS.underline | STYLE_FLAGS.strike, styles.underlineStrike],
];

function Piece({ piece, theme }: { readonly piece: LinePiece; readonly theme: Theme }) {
  const { start, text, style, url, match, isSelected, isHidden } = piece;
  const names = FLAG_CLASSES.filter(([flag]) => (style.flags & flag) === flag).map(([, name]) => name);
  if (isHidden) names.push(styles.hiddenCharacter);
  if (isSelected) names.push(styles.selected);
  else if (match) names.push(match === 'current' ? styles.currentMatch : styles.match);
  const shared = {
    className: names.join(' ') || undefined,
    style: isSelected || match || isHidden ? undefined : paintOf(style, theme),
    'data-start': start,
  };
  if (url === undefined) return <span {...shared}>{isHidden ? nameOf(text) : text}</span>;
  return (
    <a {...shared} className={`${shared.className ?? ''} ${styles.link}`} href={url} title={url} draggable={false}>
      {text}
    </a>
  );
}

/** What a character is called that cannot be seen. */
function nameOf(character: string): string {
  const code = character.charCodeAt(0);
  // Control characters have pictures of their own.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
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
