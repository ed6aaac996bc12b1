/** A variable of a job, decoded. Its value is bytes: nothing says that it is text. */
export interface JobVariable {
  readonly name: string;
  readonly value: Uint8Array;
}

/** What decoding gives. `badName`: the first variable whose value is no base64. */
export type DecodedVariables =
  | { readonly ok: true; readonly variables: readonly JobVariable[] }
  | { readonly ok: false; readonly badName: string };

/**
 * The variables of a job in the order in which they are exported: sorted by the bytes of their names, the later one of two
 * with the same name, and the agent's own over the request's.
 */
export function decodeVariables(
  fromRequest: readonly { readonly name: string; readonly value: string }[],
  fromAgent: readonly { readonly name: string; readonly value: string }[],
): DecodedVariables {
  const values = new Map<string, Uint8Array>();
  for (const { name, value } of fromRequest) {
    const bytes = decodeBase64(value);
    if (!bytes) return { ok: false, badName: name };
    values.set(name, bytes);
  }
  for (const { name, value } of fromAgent) values.set(name, Buffer.from(value));
  const variables = [...values].map(([name, value]) => ({ name, value }));
  return { ok: true, variables: variables.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))) };
}

/**
 * Padded base64 of the standard alphabet, line breaks allowed anywhere; undefined for anything else. Node's own decoder
 * takes every text and skips what it does not know. Source: the reference agent (Go's `base64.StdEncoding`).
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64');
}
