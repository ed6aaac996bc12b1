/** How a piece of terminal text looks. Two that are equal in all three look the same. */
export interface TextStyle {
  /** A colour as `DEFAULT_COLOUR`, an entry of the palette (0…255), or `RGB` with red, green and blue in its lower bytes. */
  readonly fg: number;
  readonly bg: number;
  /** Of `STYLE_FLAGS`. */
  readonly flags: number;
}

export const DEFAULT_COLOUR = -1;
/** Set in a colour that is no entry of the palette. */
export const RGB = 0x1000000;

export const STYLE_FLAGS = {
  bold: 1,
  dim: 2,
  italic: 4,
  underline: 8,
  inverse: 16,
  hidden: 32,
  strike: 64,
} as const;

export const PLAIN_STYLE: TextStyle = { fg: DEFAULT_COLOUR, bg: DEFAULT_COLOUR, flags: 0 };

/** Programs do not send more in one sequence; who does is passed over from there on. */
const MAX_PARAMETERS = 64;

const SET: Readonly<Record<number, number>> = {
  1: STYLE_FLAGS.bold,
  2: STYLE_FLAGS.dim,
  3: STYLE_FLAGS.italic,
  4: STYLE_FLAGS.underline,
  7: STYLE_FLAGS.inverse,
  8: STYLE_FLAGS.hidden,
  9: STYLE_FLAGS.strike,
  21: STYLE_FLAGS.underline,
};
const CLEARED: Readonly<Record<number, number>> = {
  22: STYLE_FLAGS.bold | STYLE_FLAGS.dim,
  23: STYLE_FLAGS.italic,
  24: STYLE_FLAGS.underline,
  27: STYLE_FLAGS.inverse,
  28: STYLE_FLAGS.hidden,
  29: STYLE_FLAGS.strike,
};

/**
 * The style after one SGR sequence (ECMA-48, with the colours of xterm). `parameters`: what stands between `ESC [` and `m`.
 * What is unknown in it changes nothing.
 */
export function withSgr(style: TextStyle, parameters: string): TextStyle {
  let { fg, bg, flags } = style;
  const parts = parameters.split(';', MAX_PARAMETERS);
  for (let n = 0; n < parts.length; n += 1) {
    const part = parts[n] ?? '';
    const code = Number.parseInt(part, 10) || 0;
    if (code === 38 || code === 48) {
      const { colour, used } = extendedColour(part.includes(':') ? part.split(':') : parts.slice(n));
      if (!part.includes(':')) n += used;
      if (colour !== undefined && code === 38) fg = colour;
      if (colour !== undefined && code === 48) bg = colour;
    } else if (code === 0) ({ fg, bg, flags } = PLAIN_STYLE);
    else if (code === 4 && part === '4:0') flags &= ~STYLE_FLAGS.underline;
    else if (SET[code] !== undefined) flags |= SET[code];
    else if (CLEARED[code] !== undefined) flags &= ~CLEARED[code];
    else if (code === 39) fg = DEFAULT_COLOUR;
    else if (code === 49) bg = DEFAULT_COLOUR;
    else fg = paletteColour(code, 30, 90) ?? fg;
    bg = paletteColour(code, 40, 100) ?? bg;
  }
  return { fg, bg, flags };
}

function paletteColour(code: number, first: number, firstBright: number): number | undefined {
  if (code >= first && code < first + 8) return code - first;
  return code >= firstBright && code < firstBright + 8 ? code - firstBright + 8 : undefined;
}

/** `38;5;N`, `38;2;R;G;B`, and with colons, where a colour space may stand before red. `used`: parts behind the first one. */
function extendedColour(parts: readonly string[]): { readonly colour: number | undefined; readonly used: number } {
  const numbers = parts.map((part) => Number.parseInt(part, 10) || 0);
  if (numbers[1] === 5) return { colour: isByte(numbers[2]) ? numbers[2] : undefined, used: 2 };
  if (numbers[1] !== 2) return { colour: undefined, used: 1 };
  const hasSpace = parts.length === 6 && parts[2] === '';
  const [red, green, blue] = numbers.slice(hasSpace ? 3 : 2);
  const isColour = isByte(red) && isByte(green) && isByte(blue);
  return { colour: isColour ? RGB | (red << 16) | (green << 8) | blue : undefined, used: 4 };
}

function isByte(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 255;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with one
const SGR = /\u001b\[([0-9;:]*)m/g;

/** The style after a text. Only what follows its last reset is looked at. */
export function styleAfter(style: TextStyle, text: string): TextStyle {
  if (!text.includes('\u001b')) return style;
  const reset = Math.max(text.lastIndexOf('\u001b[0m'), text.lastIndexOf('\u001b[m'));
  let after = reset < 0 ? style : PLAIN_STYLE;
  SGR.lastIndex = Math.max(0, reset);
  for (let found = SGR.exec(text); found; found = SGR.exec(text)) after = withSgr(after, found[1] ?? '');
  return after;
}

/** Whether text in both looks the same. */
export function isSameStyle(one: TextStyle, other: TextStyle): boolean {
  return one.fg === other.fg && one.bg === other.bg && one.flags === other.flags;
}
