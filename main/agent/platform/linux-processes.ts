import { readdirSync, readFileSync } from 'node:fs';
import { membersOf, type ProcessEntry, type Processes, sendSignal } from './processes.ts';

/** Reads /proc. A process that ends between two reads is passed over; one of another user shows no environment. */
export const linuxProcesses: Processes = {
  find: (family) => membersOf(family, listEntries(), (pid) => hasMark(pid, family.mark)),
  identify(pid) {
    const entry = readEntry(pid);
    return entry && { pid, startedAt: entry.startedAt };
  },
  isAlive: (process) => readEntry(process.pid)?.startedAt === process.startedAt,
  signal(process, signal) {
    if (linuxProcesses.isAlive(process)) sendSignal(process.pid, signal);
  },
};

function listEntries(): readonly ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    const entry = /^\d+$/.test(name) ? readEntry(Number(name)) : undefined;
    return entry ? [entry] : [];
  });
}

/** Fields 3, 4, 6 and 22 of /proc/<pid>/stat; the name before them may hold blanks and brackets. Undefined for a zombie. */
function readEntry(pid: number): ProcessEntry | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`).toString('latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, , session] = fields;
  if (!state || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), session: Number(session), startedAt: fields[19] ?? '' };
}

function hasMark(pid: number, mark: string): boolean {
  const environment = readOrEmpty(`/proc/${pid}/environ`);
  const at = environment.indexOf(`${mark}\0`);
  return at === 0 || (at > 0 && environment[at - 1] === 0);
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    // Gone meanwhile, or of another user: either way it tells nothing.
    return Buffer.alloc(0);
  }
}
