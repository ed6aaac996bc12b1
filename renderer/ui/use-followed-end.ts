import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Nearer to the end than this, in px, one is at the end. */
const AT_END = 24;

interface FollowedEnd<E extends HTMLElement> {
  /** Of the element that scrolls. */
  readonly box: RefObject<E | null>;
  readonly onScroll: () => void;
  readonly follows: boolean;
  /** Goes to the end, and follows it again. */
  readonly follow: () => void;
}

/**
 * Keeps the end of what grows in sight until its reader scrolls up, and again when they come back to the end. `content`:
 * another one whenever there is more. Who follows sees nothing but the end, so that the rest need not be drawn: when the reader
 * leaves it, everything is drawn before the next frame, and the distance to the end stays.
 */
export function useFollowedEnd<E extends HTMLElement>(content: unknown): FollowedEnd<E> {
  const box = useRef<E>(null);
  const before = useRef(0);
  const [follows, setFollows] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new is followed
  useLayoutEffect(() => {
    if (follows && box.current) toEnd(box.current);
  }, [content, follows]);
  // A box that becomes smaller has moved away from its end without anybody having scrolled.
  useEffect(() => {
    const { current } = box;
    if (!current || !follows) return;
    const observer = new ResizeObserver(() => toEnd(current));
    observer.observe(current);
    return () => observer.disconnect();
  }, [follows]);
  const onScroll = () => {
    const { current } = box;
    if (!current) return;
    const { scrollTop, clientHeight, scrollHeight } = current;
    const fromEnd = scrollHeight - scrollTop;
    if (fromEnd - clientHeight < AT_END) setFollows(true);
    else if (follows && scrollTop < before.current) {
      flushSync(() => setFollows(false));
      current.scrollTop = current.scrollHeight - fromEnd;
    }
    before.current = current.scrollTop;
  };
  return { box, onScroll, follows, follow: () => setFollows(true) };
}

function toEnd(box: HTMLElement): void {
  box.scrollTop = box.scrollHeight;
}
