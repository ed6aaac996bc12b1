import { MARK, type Mark } from '../../shared/mark.ts';
import styles from './mark-picture.module.css';

/** The mark of a state. It repeats the headline beside it, so it is no picture to be read out. `size`: in px, square. */
export function MarkPicture({ mark, size }: { readonly mark: Mark; readonly size: number }) {
  const { mast, pivot, arm, lamp, badge } = MARK;
  const { angle, outline, tone } = mark;
  return (
    <svg className={`${styles.mark} ${styles[tone]}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <rect {...mast} rx={1} className={styles.mast} />
      <rect
        x={pivot.x}
        y={pivot.y - arm.width / 2}
        width={arm.length}
        height={arm.width}
        rx={0.6}
        transform={`rotate(${-angle} ${pivot.x} ${pivot.y})`}
        className={outline ? styles.outline : styles.arm}
      />
      {mark.lamp && <circle cx={lamp.x} cy={lamp.y} r={lamp.radius} className={styles.arm} />}
      {mark.badge && (
        <g className={styles.arm}>
          <rect
            x={badge.x - badge.halfWidth}
            y={badge.top}
            width={2 * badge.halfWidth}
            height={badge.bottom - badge.top}
          />
          <circle cx={badge.x} cy={badge.dot} r={badge.halfWidth} />
        </g>
      )}
    </svg>
  );
}
