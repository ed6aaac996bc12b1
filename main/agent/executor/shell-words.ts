import { split } from 'shlex';

/** Words as a shell would see them, which is how compose files are read; undefined for none, null for nonsense. */
export function wordsOf(text: string): readonly string[] | undefined | null {
  if (text === '') return undefined;
  try {
    return split(text);
  } catch {
    return null;
  }
}
