const HIDDEN = '[hidden]';
/** Shorter ones could be any word. */
const SHORTEST_SECRET = 6;

export interface Redaction {
  /** What must not be seen whatever stands around it. */
  readonly secrets: readonly string[];
  /** Becomes `~`: it tells its owner's name. */
  readonly home: string;
}

/** A text without what only its owner may see: known secrets, what is sent as one, passwords and queries of addresses. */
export function redact(text: string, { secrets, home }: Redaction): string {
  const known = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return known
    .replace(/\b(Token|Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`)
    .replace(/\b(token|password|secret|key)(["']?\s*[=:]\s*["']?)[^\s"',;]{6,}/gi, `$1$2${HIDDEN}`)
    .replace(/(\w+:\/\/)[^\s/@]+@/g, `$1${HIDDEN}@`)
    .replace(/(\w+:\/\/[^\s?#]+)\?[^\s"')]*/g, `$1?${HIDDEN}`)
    .replaceAll(home === '' ? HIDDEN : home, home === '' ? HIDDEN : '~');
}
