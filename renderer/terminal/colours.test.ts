import { describe, expect, it } from 'vitest';
import { RGB, STYLE_FLAGS } from '../../shared/terminal/text-style.ts';
import { contrast, GROUNDS, paintOf } from './colours.ts';

describe('colours', () => {
  const number = (colour: string) => Number.parseInt(colour.slice(1), 16);
  const foregrounds = [-1, ...Array.from({ length: 256 }, (_, n) => n), RGB | 0xfefefe, RGB | 0x010101, RGB | 0xff0000];
  const grounds = [-1, 0, 1, 3, 7, 8, 11, 15, 21, 46, 196, 226, 244, RGB | 0x808080, RGB | 0x777777];
  it.each(['light', 'dark'] as const)('can be read on any ground, %s', (theme) => {
    for (const flags of [0, STYLE_FLAGS.dim, STYLE_FLAGS.inverse, STYLE_FLAGS.dim | STYLE_FLAGS.inverse]) {
      for (const fg of foregrounds) {
        for (const bg of grounds) {
          const { color, backgroundColor } = paintOf({ fg, bg, flags }, theme);
          const on = backgroundColor ? [number(backgroundColor)] : GROUNDS[theme];
          for (const ground of color ? on : []) {
            expect(contrast(number(color ?? ''), ground), `${fg} on ${bg}, ${flags}`).toBeGreaterThanOrEqual(4.49);
          }
        }
      }
    }
  });
});
