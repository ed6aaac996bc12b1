import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { membersOf, type ProcessEntry, type Processes, sendSignal } from './processes.ts';

/** Reads /proc. A process that ends between two reads is passed over; one of another user shows no environment. */
export const linuxProcesses: Processes = {
  find: (family) => membersOf(family, listEntries(), (pid) => hasMark(pid, family.mark)),
  identify(pid) {
    const entry = readEntry(pid);
    return entry && { pid, startedAt: entry.startedAt };
  },
  activity(pid) {
    const state = /^\d+ \(.*\) (\w)/s.exec(readOrEmpty(`/proc/${pid}/stat`).toString('latin1'))?.[1];
    if (!state) return undefined;
    return { stopped: state === 'T', program: linkOrEmpty(`/proc/${pid}/exe`), readsTerminal: readsTerminal(pid) };
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

/** The call that a process sleeps in has the file as its first argument; where in the kernel it sleeps tells that it reads. */
function readsTerminal(pid: number): boolean {
  const file = /^\d+ 0x([0-9a-f]+)/.exec(readOrEmpty(`/proc/${pid}/syscall`).toString('latin1'))?.[1];
  if (file === undefined || !/wait_woken|tty_read/.test(readOrEmpty(`/proc/${pid}/wchan`).toString('latin1')))
    return false;
  return linkOrEmpty(`/proc/${pid}/fd/${Number.parseInt(file, 16)}`).startsWith('/dev/pts/');
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Gone meanwhile, or of another user.
    return '';
  }
}
