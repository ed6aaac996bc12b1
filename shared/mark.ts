import type { AgentStatus } from './agent-snapshot.ts';

/**
 * The mark, a railway semaphore, on a square of 16 units: a mast, an arm that turns about `pivot`, a lamp, and a badge. One
 * drawing for the window (as SVG) and for the tray (as pixels).
 */
export const MARK = {
  mast: { x: 3, y: 2, width: 2, height: 13 },
  pivot: { x: 4, y: 9 },
  arm: { length: 9.5, width: 3 },
  lamp: { x: 11, y: 12.7, radius: 2.3 },
  badge: { x: 12, top: 0, bottom: 3.6, dot: 5.6, halfWidth: 1.25 },
} as const;

/** The arm of the railway semaphore that is the mark: its angle, and whether lamp and badge are there. */
export interface Mark {
  /** Degrees above the horizontal. */
  readonly angle: number;
  readonly lamp: boolean;
  readonly badge: boolean;
  readonly outline: boolean;
  /** For the window; in the tray the shape says it all. */
  readonly tone: 'green' | 'blue' | 'amber' | 'grey' | 'red';
}

const RAISED: Mark = { angle: 45, lamp: false, badge: false, outline: false, tone: 'green' };
const FLAT: Mark = { ...RAISED, angle: 0, tone: 'grey' };

const MARKS = {
  ready: RAISED,
  running: { ...RAISED, lamp: true, tone: 'blue' },
  lowered: { ...RAISED, angle: 20, lamp: true, tone: 'amber' },
  away: FLAT,
  searching: { ...RAISED, outline: true, tone: 'grey' },
  attention: { ...FLAT, badge: true, tone: 'red' },
} as const satisfies Readonly<Record<string, Mark>>;

/** The marks by the names of their files. */
export type MarkName = keyof typeof MARKS;
export const MARK_NAMES = Object.keys(MARKS) as readonly MarkName[];

/** The picture of that name. */
export function markNamed(name: MarkName): Mark {
  return MARKS[name];
}

/** A state by its shape; colour repeats it and never says anything alone. */
export function markOf(state: AgentStatus['state']): Mark {
  return MARKS[markNameOf(state)];
}

/** States that ask nothing different of their reader share one. */
export function markNameOf(state: AgentStatus['state']): MarkName {
  switch (state) {
    case 'idle':
      return 'ready';
    case 'running':
      return 'running';
    case 'stopping':
    case 'pausing':
      return 'lowered';
    case 'connecting':
    case 'offline':
      return 'searching';
    case 'paused':
    case 'stopped':
      return 'away';
    case 'needs-attention':
    case 'not-configured':
      return 'attention';
  }
}
