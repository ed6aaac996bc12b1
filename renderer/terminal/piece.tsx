import { STYLE_FLAGS } from '../../shared/terminal/text-style.ts';
import { paintOf, type Theme } from './colours.ts';
import type { LinePiece } from './line-pieces.ts';
import styles from './piece.module.css';

const FLAG_CLASSES: readonly (readonly [flag: number, name: string | undefined])[] = [
  [STYLE_FLAGS.bold, styles.bold],
  [STYLE_FLAGS.italic, styles.italic],
  [STYLE_FLAGS.underline, styles.underline],
  [STYLE_FLAGS.strike, styles.strike],
  [STYLE_FLAGS.underline | STYLE_FLAGS.strike, styles.underlineStrike],
];

/** A piece of a line of output. A link is one; a character that cannot be seen has its name. */
export function Piece({ piece, theme }: { readonly piece: LinePiece; readonly theme: Theme }) {
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
