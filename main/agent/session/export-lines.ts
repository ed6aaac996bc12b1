import { quote } from './marks.ts';

export type ExportedVariable = readonly [name: string, value: Uint8Array];

/** Linux hands a program no text of 128 KB or more, and of all together a quarter of what its stack may have: often 2 MB. */
const LARGE_BYTES = 64 * 1024;
/** What is smaller than this is never what was too much. */
const CANDIDATE_BYTES = 4 * 1024;
/** The end of a script tells no more. */
const MOST_CANDIDATES = 250;

/**
 * What bash sources to have these variables. A name that it would refuse is left out: that does not fail a job. Where they are
 * more than the system hands to programs, no program could be run any more: then the largest stay with bash itself, one after
 * another until a program can be run, with room for arguments. The script ends with how many these are; `largestFirst` tells which.
 */
export function exportLines(variables: readonly ExportedVariable[]): Buffer {
  const good = variables.filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  const candidates = largestFirst(good);
  const lines = good.map(exportLine);
  return Buffer.concat(candidates.length === 0 ? lines : [...lines, Buffer.from(trials(candidates))]);
}

/** The names of those that `exportLines` may leave to bash alone, in that order. */
export function largestFirst(variables: readonly ExportedVariable[]): readonly string[] {
  const sizes = new Map(variables.map(([name, value]) => [name, value.length]));
  if ([...sizes.values()].reduce((sum, size) => sum + size, 0) < LARGE_BYTES) return [];
  const candidates = [...sizes].filter(([, size]) => size >= CANDIDATE_BYTES).sort(([, one], [, other]) => other - one);
  return candidates.slice(0, MOST_CANDIDATES).map(([name]) => name);
}

/** A value is bytes: quoted byte by byte, never decoded. */
function exportLine([name, value]: ExportedVariable): Buffer {
  const quoted = quote(Buffer.from(value).toString('latin1'));
  return Buffer.from(`export ${name}=${quoted}\n`, 'latin1');
}

/** 126: bash could not start it. */
function trials(names: readonly string[]): string {
  const trial = `"$BASH" -p -c : "$(printf %${LARGE_BYTES}s)" 2>/dev/null || [ $? != 126 ] && return`;
  return [...names.map((name, count) => `${trial} ${count}\nexport -n ${name}\n`), `return ${names.length}\n`].join('');
}
