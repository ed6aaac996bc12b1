/** ` (did you mean X?)` for the nearest known word, or nothing where none is near. */
export function didYouMean(word: string, known: readonly string[], prefix = ''): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(2, candidate.length / 4) && distance < candidate.length / 2 + 1,
    )
    .sort((a, b) => a.distance - b.distance);
  return nearest ? ` (did you mean ${prefix}${nearest.candidate}?)` : '';
}

/** Levenshtein's: insertions, deletions and replacements that make one word the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
