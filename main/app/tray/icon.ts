import { deflateSync } from 'node:zlib';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';

/** The arm of the railway semaphore that is the mark: its angle, and whether lamp and badge are there. */
interface Figure {
  /** Degrees above the horizontal. */
  readonly angle: number;
  readonly lamp: boolean;
  readonly badge: boolean;
  readonly outline: boolean;
}

const RAISED = { angle: 45, lamp: false, badge: false, outline: false };
const FLAT = { ...RAISED, angle: 0 };

/** A state by its shape; colour is for the window. */
export function figureOf({ status: { state } }: AgentSnapshot): Figure {
  switch (state) {
    case 'idle':
      return RAISED;
    case 'running':
      return { ...RAISED, lamp: true };
    case 'stopping':
    case 'pausing':
      return { ...RAISED, angle: -20, lamp: true };
    case 'connecting':
    case 'offline':
      return { ...RAISED, outline: true };
    case 'paused':
    case 'stopped':
      return FLAT;
    case 'needs-attention':
    case 'not-configured':
      return { ...FLAT, badge: true };
  }
}

/** The figure as a PNG with a transparent ground, `size` pixels square, in one grey that is legible on light and dark. */
export function drawIcon(figure: Figure, size: number): Buffer {
  const pixels = Buffer.alloc(size * size * 4);
  const unit = size / 16;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const cover = coverage(figure, (x + 0.5) / unit, (y + 0.5) / unit);
      pixels.set([0x8a, 0x8f, 0x98, Math.round(cover * 255)], (y * size + x) * 4);
    }
  }
  return encodePng(pixels, size);
}

/** How much of the figure is at a point of the 16 × 16 grid, from 0 to 1; the edges are half a pixel soft. */
function coverage(figure: Figure, x: number, y: number): number {
  const soft = (distance: number) => Math.max(0, Math.min(1, 0.5 - distance));
  const mast = soft(Math.max(Math.abs(x - 4) - 1, Math.abs(y - 8.5) - 6.5));
  const radians = (figure.angle * Math.PI) / 180;
  const [dx, dy] = [x - 4.5, y - 5.5];
  const along = dx * Math.cos(radians) - dy * Math.sin(radians);
  const across = dx * Math.sin(radians) + dy * Math.cos(radians);
  const arm = Math.max(Math.abs(along - 4.5) - 4.5, Math.abs(across) - 1.6);
  const armCover = figure.outline ? soft(Math.abs(arm + 0.4) - 0.5) : soft(arm);
  const lamp = figure.lamp ? soft(Math.hypot(x - 10.5, y - 12) - 2.6) : 0;
  const badge = figure.badge
    ? Math.max(soft(Math.max(Math.abs(x - 12) - 1, Math.abs(y - 10) - 2.2)), soft(Math.hypot(x - 12, y - 14.2) - 1))
    : 0;
  return Math.max(mast, armCover, lamp, badge);
}

function encodePng(pixels: Buffer, size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1) pixels.copy(rows, y * (size * 4 + 1) + 1, y * size * 4, (y + 1) * size * 4);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
