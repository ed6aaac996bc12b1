import { didYouMean } from '../config/did-you-mean.ts';

/** A key that is unknown, and near one that is known. */
export interface MisspeltKey {
  readonly path: readonly (string | number)[];
  /** ` (did you mean X?)`. */
  readonly hint: string;
}

/**
 * Keys of a text that were passed over, though they look like known ones. `understood` is what the text was understood as: it
 * has every key that there is. Keys like no other are what newer hubs send, and nobody's mistake.
 */
export function misspeltKeys(
  text: unknown,
  understood: unknown,
  path: readonly (string | number)[] = [],
): readonly MisspeltKey[] {
  if (Array.isArray(text) && Array.isArray(understood))
    return text.flatMap((entry, index) => misspeltKeys(entry, understood[index], [...path, index]));
  if (!isRecord(text) || !isRecord(understood)) return [];
  const known = Object.keys(understood);
  return Object.entries(text).flatMap(([key, value]) => {
    const name = known.find((one) => one === key.toLowerCase());
    if (name !== undefined) return misspeltKeys(value, understood[name], [...path, key]);
    const hint = didYouMean(key, known);
    return hint === '' ? [] : [{ path: [...path, key], hint }];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
