import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Ends every process that works in a folder or has it in its environment, and tells their command lines. Linux only:
 * elsewhere nothing is found.
 */
export function leftovers(folder: string): readonly string[] {
  return processIds()
    .filter((pid) => pid !== process.pid && belongsTo(pid, folder))
    .map((pid) => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      kill(pid);
      return command;
    });
}

/** The end of one takes others with it: what has gone meanwhile is passed over. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function processIds(): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function belongsTo(pid: number, folder: string): boolean {
  return read(`/proc/${pid}/environ`).includes(folder) || workingFolder(pid).startsWith(folder);
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
