/** What is shorter would mask half the log: `true`, `8080`. In bytes. */
export const SHORTEST_SECRET = 8;
/** Lengths of line at which programs break base64: coreutils, then PEM. */
const BASE64_LINES = [76, 64];

/**
 * Everything that a secret looks like in a log: as it is, line by line, in base64 at each of the three places of a group of
 * four, and URL-encoded. Forms of fewer than 8 bytes are left out.
 */
export function formsOf(secret: Uint8Array): readonly Buffer[] {
  const value = withoutLineEnd(Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength));
  if (value.length < SHORTEST_SECRET) return [];
  const forms = [value, ...linesOf(value), ...base64Forms(value), ...urlForms(value)];
  const distinct = new Map(forms.map((form) => [form.toString('latin1'), form]));
  return [...distinct.values()].filter((form) => form.length >= SHORTEST_SECRET);
}

/** The end of a value's last line is no part of the secret: it would take the log's own line end with it. */
function withoutLineEnd(value: Buffer): Buffer {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x0a || value[end - 1] === 0x0d)) end -= 1;
  return value.subarray(0, end);
}

function linesOf(value: Buffer): Buffer[] {
  return value
    .toString('latin1')
    .split(/\r?\n/)
    .map((line) => Buffer.from(line, 'latin1'));
}

/**
 * Behind 0, 1 or 2 other bytes the same secret looks different: of each only the characters that the secret alone decides.
 * Alone, and alone with a newline, as `echo` encodes it, it is known to its last character.
 */
function base64Forms(value: Buffer): Buffer[] {
  const alone = value.toString('base64');
  const withNewline = Buffer.concat([value, Buffer.from('\n')]).toString('base64');
  const cores = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), value]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + value.length) * 8) / 6));
  });
  const broken = BASE64_LINES.flatMap((length) => [...brokenAt(alone, length), ...brokenAt(withNewline, length)]);
  const texts = [alone, withNewline, ...cores, ...broken];
  return [...texts, ...texts.map(urlSafe)].map((text) => Buffer.from(text, 'latin1'));
}

/** Line by line and as a whole; nothing where one line is enough. */
function brokenAt(text: string, length: number): string[] {
  if (text.length <= length) return [];
  const lines = Array.from({ length: Math.ceil(text.length / length) }, (_, n) =>
    text.slice(n * length, (n + 1) * length),
  );
  return [...lines, lines.join('\n')];
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** As browsers, strict libraries, those that leave a path's slashes, and forms encode it, with digits of either case. */
function urlForms(value: Buffer): Buffer[] {
  const kept = [/[A-Za-z0-9\-_.~!'()*]/, /[A-Za-z0-9\-_.~]/, /[A-Za-z0-9\-_.~/]/, /[A-Za-z0-9\-_.*]/];
  const texts = kept.map((pattern) => percentEncoded(value, pattern));
  texts.push((texts.at(-1) ?? '').replaceAll('%20', '+'));
  const lower = texts.map((text) => text.replace(/%../g, (code) => code.toLowerCase()));
  return [...texts, ...lower].map((text) => Buffer.from(text, 'latin1'));
}

function percentEncoded(value: Buffer, kept: RegExp): string {
  return Array.from(value, (byte) => {
    const character = String.fromCharCode(byte);
    return kept.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
