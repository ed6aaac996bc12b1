import { memo } from 'react';
import type { Theme } from '../terminal/colours.ts';
import { linePieces, NO_MARKS, type ParsedLine } from '../terminal/line-pieces.ts';
import { Piece } from '../terminal/piece.tsx';
import { useTheme } from '../terminal/use-theme.ts';
import styles from './tail-box.module.css';
import { shownLine, type TailLine, type TailLines, unfinishedLine } from './tail-lines.ts';
import { useFollowedEnd } from './use-followed-end.ts';

interface TailBoxProps {
  readonly tail: TailLines;
  readonly label: string;
  /** Gives the box its size. */
  readonly className?: string | undefined;
  /** Nothing comes any more: there is nothing to follow. */
  readonly isOver?: boolean;
}

/** As in the style sheet, in px. */
const LINE_HEIGHT = 18;

/** No box in the window shows more of them, and a reader who leaves the end finds some more. */
function linesInWindow(): number {
  return Math.ceil(window.innerHeight / LINE_HEIGHT) + 8;
}

/** Output as it grows. The box follows it until its reader scrolls up, and again when they come back to the end. */
export function TailBox({ tail, label, className, isOver = false }: TailBoxProps) {
  const { box, onScroll, follows, follow } = useFollowedEnd<HTMLDivElement>(tail);
  const rest = unfinishedLine(tail);
  const theme = useTheme();
  const drawn = follows ? tail.lines.slice(-linesInWindow()) : tail.lines;
  return (
    <div className={`${styles.frame} ${className ?? ''}`}>
      <div
        ref={box}
        className={styles.box}
        role="log"
        aria-label={label}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div style={{ blockSize: (tail.lines.length - drawn.length) * LINE_HEIGHT }} />
        <Lines lines={drawn} theme={theme} />
        {rest && (
          <div className={styles.output}>
            <Pieces line={rest} theme={theme} />
          </div>
        )}
      </div>
      {follows ? (
        !isOver && <span className={styles.following}>Following ↓</span>
      ) : (
        <button type="button" className={styles.following} onClick={follow}>
          Following stopped · go to the end ↓
        </button>
      )}
    </div>
  );
}

const Lines = memo(({ lines, theme }: { readonly lines: readonly TailLine[]; readonly theme: Theme }) =>
  lines.map((line) => <Line key={line.key} line={line} theme={theme} />),
);

const Line = memo(({ line, theme }: { readonly line: TailLine; readonly theme: Theme }) => (
  // An empty line has the height of a line.
  <div className={styles[line.kind]}>
    {line.raw === '' ? '\u00a0' : <Pieces line={shownLine(line)} theme={theme} />}
  </div>
));

function Pieces({ line, theme }: { readonly line: ParsedLine; readonly theme: Theme }) {
  return linePieces(line, NO_MARKS).map((piece) => <Piece key={piece.start} piece={piece} theme={theme} />);
}
