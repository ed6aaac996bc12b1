import { split } from 'shlex';
import { parse } from 'yaml';

/**
 * Words as a shell would see them, or those of a list in brackets, which is how compose files are read; undefined for none,
 * null for nonsense.
 */
export function wordsOf(text: string): readonly string[] | undefined | null {
  if (text === '') return undefined;
  const listed = listOf(text);
  if (listed) return listed;
  try {
    return split(text);
  } catch {
    return null;
  }
}

function listOf(text: string): readonly string[] | undefined {
  if (!/^\s*\[.*\]\s*$/s.test(text)) return undefined;
  try {
    const value: unknown = parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}
