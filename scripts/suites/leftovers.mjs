// What a suite left behind: processes that carry its mark in their environment, and files in the temp folder it was given.
import { readdirSync, readFileSync } from 'node:fs';

/** Command lines of processes whose environment holds `mark`. Linux only; elsewhere there is nothing to look at. */
export function markedProcesses(mark) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(mark))
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim())
    .filter((command) => command !== '');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}
