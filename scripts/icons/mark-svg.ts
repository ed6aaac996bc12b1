import { MARK, type Mark } from '../../shared/mark.ts';

const TITLE = '<title>Signalbox</title>';

/** Colours of a mark that is drawn for a system rather than for the window. */
export interface Paint {
  readonly mast: string;
  readonly arm: string;
}

/** The one drawing: the mark on its square of 16 units. */
export function markSvg(mark: Mark, paint: Paint): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${TITLE}${markShapes(mark, paint)}</svg>\n`;
}

/** The icon of the app: a raised arm with its lamp on a dark tile, with the margin that macOS wants. */
export function appSvg(mark: Mark): string {
  const shapes = markShapes(mark, { mast: '#e6edf3', arm: '#3fb950' });
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024">',
    TITLE,
    '<rect x="100" y="100" width="824" height="824" rx="185" fill="#1f2a36"/>',
    `<g transform="translate(232 212) scale(36)">${shapes}</g>`,
    '</svg>\n',
  ].join('');
}

function markShapes(mark: Mark, { mast: mastColour, arm: armColour }: Paint): string {
  const { mast, pivot, arm, lamp, badge } = MARK;
  const fill = `fill="${armColour}"`;
  const armFill = mark.outline ? `fill="none" stroke="${armColour}" stroke-width="0.9"` : fill;
  const inset = mark.outline ? 0.45 : 0;
  const armBox = [
    `x="${pivot.x + inset}" y="${pivot.y - arm.width / 2 + inset}"`,
    `width="${arm.length - 2 * inset}" height="${arm.width - 2 * inset}" rx="0.4"`,
  ].join(' ');
  return [
    `<rect x="${mast.x}" y="${mast.y}" width="${mast.width}" height="${mast.height}" rx="0.5" fill="${mastColour}"/>`,
    `<rect ${armBox} transform="rotate(${-mark.angle} ${pivot.x} ${pivot.y})" ${armFill}/>`,
    mark.lamp ? `<circle cx="${lamp.x}" cy="${lamp.y}" r="${lamp.radius}" ${fill}/>` : '',
    mark.badge
      ? `<rect x="${badge.x - badge.halfWidth}" y="${badge.top}" width="${2 * badge.halfWidth}" height="${badge.bottom - badge.top}" ${fill}/>` +
        `<circle cx="${badge.x}" cy="${badge.dot}" r="${badge.halfWidth}" ${fill}/>`
      : '',
  ].join('');
}
