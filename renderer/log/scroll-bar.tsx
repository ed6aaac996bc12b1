import { type PointerEvent, useLayoutEffect, useRef } from 'react';
import styles from './scroll-bar.module.css';

interface ScrollBarProps {
  /** How far down, from 0 to 1. */
  readonly fraction: number;
  /** The part of the whole that is in view, from 0 to 1. */
  readonly visible: number;
  /** Of the track, in px. */
  readonly height: number;
  /** Where matches are, each from 0 to 1; in their order. */
  readonly marks: readonly number[];
  readonly controls: string;
  readonly onMove: (fraction: number) => void;
}

/** A thumb is never smaller, in px: one that stands for a screen of five million lines would be invisible. */
const SMALLEST_THUMB = 28;

/** A scroll bar by rows: Chromium's own ends where an element of a hundred million pixels would begin. */
export function ScrollBar({ fraction, visible, height, marks, controls, onMove }: ScrollBarProps) {
  const thumb = Math.max(SMALLEST_THUMB, visible * height);
  const room = Math.max(1, height - thumb);
  const grip = useRef<number | undefined>(undefined);
  const start = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = event.clientY - event.currentTarget.getBoundingClientRect().top;
    const within = at - fraction * room;
    // Beside the thumb: it comes under the pointer.
    grip.current = within >= 0 && within <= thumb ? within : thumb / 2;
    if (grip.current !== within) onMove((at - grip.current) / room);
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (grip.current === undefined) return;
    const at = event.clientY - event.currentTarget.getBoundingClientRect().top;
    onMove(Math.min(1, Math.max(0, (at - grip.current) / room)));
  };
  const end = () => {
    grip.current = undefined;
  };
  if (visible >= 1) return <div className={styles.track} />;
  return (
    <div
      className={styles.track}
      role="scrollbar"
      aria-orientation="vertical"
      aria-controls={controls}
      aria-valuenow={Math.round(fraction * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-label="Position in the log"
      // The log itself has the keys.
      tabIndex={-1}
      onPointerDown={start}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <div className={styles.thumb} style={{ blockSize: thumb, transform: `translateY(${fraction * room}px)` }} />
      <Marks marks={marks} height={height} />
    </div>
  );
}

function Marks({ marks, height }: { readonly marks: readonly number[]; readonly height: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    context.clearRect(0, 0, element.width, element.height);
    context.fillStyle = getComputedStyle(element).color;
    for (const mark of marks) context.fillRect(0, Math.min(height - 2, Math.round(mark * height)), element.width, 2);
  }, [marks, height]);
  return <canvas ref={canvas} className={styles.marks} width={11} height={Math.max(1, Math.floor(height))} />;
}
