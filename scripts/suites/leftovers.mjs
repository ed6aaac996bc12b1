// What a suite left behind: processes that know of the temp folder it was given, what is mounted in it, and files.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What was told to end is given so long to be gone, in ms. */
const GRACE_MS = 2_000;
const LOOK_MS = 50;

/** Lines that name what is left of a suite. Its processes are ended and its mounts undone: the next suite must not meet them. */
export async function leftovers(folder) {
  const since = performance.now();
  while (processesOf(folder).length > 0 && performance.now() - since < GRACE_MS) await sleep(LOOK_MS);
  const processes = processesOf(folder);
  for (const { pid } of processes) kill(pid);
  const mounts = mountsIn(folder);
  for (const point of mounts) spawnSync('umount', ['--lazy', point]);
  return [
    ...processes.map(({ command }) => `process ${command}`),
    ...mounts.map((point) => `mount ${point}`),
    ...readdirSync(folder).map((name) => `file ${name}`),
  ];
}

/**
 * Processes in whose environment the folder stands: as TMPDIR, which everything inherits, or within a home or temp folder
 * that a test made. Linux only; elsewhere there is nothing to look at.
 */
function processesOf(folder) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).includes(folder))
    .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
    .filter(({ command }) => command !== ''); // A zombie has none.
}

/** Where something is mounted within the folder, the innermost first. Linux only. */
function mountsIn(folder) {
  return read('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${folder}/`))
    .reverse();
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has just ended, or is another user's.
  }
}
