import { DEFAULT_COLOUR, RGB, STYLE_FLAGS, type TextStyle } from '../../shared/terminal/text-style.ts';

export type Theme = 'light' | 'dark';

/** How a style is painted. Colours are `#rrggbb`; absent means as the view itself. */
export interface Paint {
  readonly color?: string;
  readonly backgroundColor?: string;
}

/** WCAG's measure for text. */
const READABLE = 4.5;

/** What text stands on, as ui/tokens.css has it: the ground, one under the pointer, one of a line that was jumped to. */
export const GROUNDS = {
  light: [0xffffff, 0xf4f6fa, 0xfff4d6],
  dark: [0x16171b, 0x1d1f24, 0x3a3216],
} as const satisfies Readonly<Record<Theme, readonly number[]>>;
/** What text is written in, as ui/tokens.css has it. */
const TEXT: Readonly<Record<Theme, number>> = { light: 0x1b1d22, dark: 0xe4e6eb };
const DIM: Readonly<Record<Theme, number>> = { light: 0x62666f, dark: 0x9a9fab };

/** The sixteen colours that have names, chosen for each ground. */
const NAMED: Readonly<Record<Theme, readonly number[]>> = {
  light: [
    0x24272e, 0xb3261e, 0x1a7f37, 0x8a5d00, 0x2458c5, 0x8a3ba8, 0x0b7285, 0x62666f, 0x4a4e58, 0xcf222e, 0x2a7d2e,
    0x7d6200, 0x0b66d0, 0xa33dbd, 0x0f7685, 0x6b6f78,
  ],
  dark: [
    0x7f848f, 0xff7b72, 0x4cc26a, 0xe0a93a, 0x7aa2ff, 0xd59bf6, 0x4fc4cf, 0xc8ccd4, 0x9096a2, 0xff9a92, 0x6fdd8b,
    0xf2c55c, 0x9dbbff, 0xe3b8ff, 0x7fdde6, 0xffffff,
  ],
};

/** Flags that change colours. */
const COLOURING = STYLE_FLAGS.inverse | STYLE_FLAGS.dim | STYLE_FLAGS.hidden;

const known = new Map<string, Paint>();

/** The colours of a style on a ground, text always readable. The same object for the same style. */
export function paintOf(style: TextStyle, theme: Theme): Paint {
  const key = `${theme}${style.fg},${style.bg},${style.flags}`;
  const before = known.get(key);
  if (before) return before;
  const paint = madePaint(style, theme);
  // Who paints in more colours than anybody can see starts over.
  if (known.size > 4_000) known.clear();
  known.set(key, paint);
  return paint;
}

function madePaint({ fg, bg, flags }: TextStyle, theme: Theme): Paint {
  const isInverse = (flags & STYLE_FLAGS.inverse) !== 0;
  if (fg === DEFAULT_COLOUR && bg === DEFAULT_COLOUR && (flags & COLOURING) === 0) return {};
  let text = fg === DEFAULT_COLOUR ? TEXT[theme] : rgbOf(fg, theme);
  const [own] = GROUNDS[theme];
  let ground: number = bg === DEFAULT_COLOUR ? own : rgbOf(bg, theme);
  // On a ground of its own, text without a colour is written in what can be read best there.
  if (fg === DEFAULT_COLOUR && bg !== DEFAULT_COLOUR) text = betterText(ground);
  if (isInverse) [text, ground] = [ground, text];
  if ((flags & STYLE_FLAGS.dim) !== 0)
    text = fg === DEFAULT_COLOUR && !isInverse ? DIM[theme] : mixed(text, ground, 0.4);
  if ((flags & STYLE_FLAGS.hidden) !== 0) return { color: 'transparent' };
  if (ground === own) return { color: hex(readable(text, GROUNDS[theme])) };
  return { color: hex(readable(text, [ground])), backgroundColor: hex(ground) };
}

function betterText(ground: number): number {
  return contrast(TEXT.light, ground) > contrast(TEXT.dark, ground) ? TEXT.light : TEXT.dark;
}

function rgbOf(colour: number, theme: Theme): number {
  if (colour >= RGB) return colour & 0xffffff;
  if (colour < 16) return NAMED[theme][colour] ?? TEXT[theme];
  if (colour >= 232) return (8 + (colour - 232) * 10) * 0x010101;
  const [red, green, blue] = [Math.floor((colour - 16) / 36), Math.floor((colour - 16) / 6) % 6, (colour - 16) % 6];
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  return (level(red) << 16) | (level(green) << 8) | level(blue);
}

/** The colour itself where it can be read on these grounds, else the nearest to it towards black or white. */
function readable(text: number, grounds: readonly [number, ...number[]]): number {
  const [ground] = grounds;
  const canBeRead = (colour: number) => grounds.every((one) => contrast(colour, one) >= READABLE);
  if (canBeRead(text)) return text;
  const target = contrast(0xffffff, ground) > contrast(0x000000, ground) ? 0xffffff : 0x000000;
  let [low, high] = [0, 1];
  for (let n = 0; n < 8; n += 1) {
    const middle = (low + high) / 2;
    if (canBeRead(mixed(text, target, middle))) high = middle;
    else low = middle;
  }
  return mixed(text, target, high);
}

/** WCAG's contrast ratio, from 1 to 21. */
export function contrast(one: number, other: number): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(colour: number): number {
  const part = (shift: number) => {
    const value = ((colour >> shift) & 0xff) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

/** So much of the other colour in one. */
function mixed(one: number, other: number, share: number): number {
  const part = (shift: number) => {
    const [a, b] = [(one >> shift) & 0xff, (other >> shift) & 0xff];
    return Math.round(a + (b - a) * share) << shift;
  };
  return part(16) | part(8) | part(0);
}

function hex(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
