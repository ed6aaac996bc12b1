import { readdirSync, readFileSync } from 'node:fs';
import { cpuSeconds } from '../measure.ts';

/** Ids of a process and of all below it. */
export function processTree(root: number): readonly number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const isBelow = (pid: number | undefined): boolean => pid === root || (!!pid && isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow);
}

/** What only these processes have in memory, in MB: what would be free if they were not there. */
export function privateMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.flatMap((pid) =>
    [...read(`/proc/${pid}/smaps_rollup`).matchAll(/^Private_\w+:\s+(\d+)/gm)].map(([, size]) => Number(size)),
  );
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** Seconds of CPU that they have used so far. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Empty for a process that has just gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
