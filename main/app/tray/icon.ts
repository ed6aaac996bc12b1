import { PNG } from 'pngjs';
import { MARK, type Mark } from '../../../shared/mark.ts';

/** Legible on light and on dark panels. */
const GREY = [0x8a, 0x8f, 0x98] as const;

/** The mark as a PNG with a transparent ground, `size` pixels square. */
export function drawIcon(mark: Mark, size: number): Buffer {
  const png = new PNG({ width: size, height: size });
  const unit = size / 16;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const cover = coverage(mark, unit, (x + 0.5) / unit, (y + 0.5) / unit);
      png.data.set([...GREY, Math.round(cover * 255)], (y * size + x) * 4);
    }
  }
  return PNG.sync.write(png);
}

/** How much of the mark is at a point of its square, from 0 to 1; the edges are a pixel soft, which is 1 / `unit`. */
function coverage(mark: Mark, unit: number, x: number, y: number): number {
  const { mast, lamp, badge } = MARK;
  const soft = (distance: number) => Math.max(0, Math.min(1, 0.5 - distance * unit));
  const box = (left: number, top: number, width: number, height: number) =>
    Math.max(Math.abs(x - left - width / 2) - width / 2, Math.abs(y - top - height / 2) - height / 2);
  const dot = (centreX: number, centreY: number, radius: number) => Math.hypot(x - centreX, y - centreY) - radius;
  const arm = armDistance(mark.angle, x, y);
  const { halfWidth } = badge;
  const badgeDistance = Math.min(
    box(badge.x - halfWidth, badge.top, 2 * halfWidth, badge.bottom - badge.top),
    dot(badge.x, badge.dot, halfWidth),
  );
  return Math.max(
    soft(box(mast.x, mast.y, mast.width, mast.height)),
    mark.outline ? soft(Math.abs(arm + 0.4) - 0.45) : soft(arm),
    mark.lamp ? soft(dot(lamp.x, lamp.y, lamp.radius)) : 0,
    mark.badge ? soft(badgeDistance) : 0,
  );
}

/** How far a point is from the arm; negative within. */
function armDistance(angle: number, x: number, y: number): number {
  const { pivot, arm } = MARK;
  const radians = (angle * Math.PI) / 180;
  const [dx, dy] = [x - pivot.x, y - pivot.y];
  const along = dx * Math.cos(radians) - dy * Math.sin(radians);
  const across = dx * Math.sin(radians) + dy * Math.cos(radians);
  return Math.max(Math.abs(along - arm.length / 2) - arm.length / 2, Math.abs(across) - arm.width / 2);
}
