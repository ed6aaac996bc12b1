import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { MARK_NAMES } from '../../shared/mark.ts';
import { iconFiles } from './icons.ts';

const files = iconFiles();

describe('the icons', () => {
  it('are those that the script draws (npm run icons)', () => {
    const differing = [...files].filter(([name, content]) => !readFileSync(join('resources', name)).equals(content));
    expect(differing.map(([name]) => name)).toEqual([]);
  });

  it('tell every state by its shape, at 16 pixels', () => {
    const shapes = MARK_NAMES.map((name) => alphaOf(`tray/${name}-16.png`));
    for (const [n, one] of shapes.entries())
      for (const other of shapes.slice(n + 1)) expect(difference(one, other)).toBeGreaterThan(8);
  });

  it('are black and alpha for macOS, at 16 points and twice that', () => {
    for (const name of MARK_NAMES) {
      const [once, twice] = ['', '@2x'].map((scale) => read(`tray/${name}Template${scale}.png`));
      expect([once?.width, twice?.width]).toEqual([16, 32]);
      const pixels = once?.data ?? Buffer.alloc(0);
      for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3]) expect(pixels[at]).toBe(0);
    }
  });

  it('have all sizes in the files of Windows and macOS', () => {
    const ico = Buffer.from(files.get('tray/running-on-dark.ico') ?? '');
    expect([ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([1, 5]);
    expect([0, 1, 2, 3, 4].map((n) => ico.readUInt8(6 + 16 * n))).toEqual([16, 20, 24, 32, 48]);
    const icns = Buffer.from(files.get('icon.icns') ?? '');
    expect(icns.subarray(0, 4).toString()).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    expect(read('icon.png').width).toBe(1024);
  });
});

function read(name: string): PNG {
  return PNG.sync.read(Buffer.from(files.get(name) ?? ''));
}

function alphaOf(name: string): readonly number[] {
  const pixels = read(name).data;
  return Array.from({ length: pixels.length / 4 }, (_, n) => (pixels[4 * n + 3] ?? 0) / 255);
}

/** How many whole pixels two shapes differ in. */
function difference(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, alpha, n) => sum + Math.abs(alpha - (other[n] ?? 0)), 0);
}
