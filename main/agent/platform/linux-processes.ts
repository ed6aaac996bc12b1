import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { membersOf, type ProcessEntry, type Processes, sendSignal } from './processes.ts';

/** Reads /proc. A process that ends between two reads is passed over; one of another user shows no environment. */
export const linuxProcesses: Processes = {
  find: (family) => membersOf(family, listEntries(), (pid) => hasMark(pid, family.mark)),
  now: () => Number.parseInt(readOrEmpty('/proc/uptime').toString('latin1').replace('.', ''), 10),
  descendants(roots) {
    const found: ProcessEntry[] = [];
    for (let next = roots.flatMap(childrenOf); next.length > 0; next = next.flatMap(childrenOf)) {
      for (const pid of next) found.push(...[readEntry(pid)].filter((entry) => entry !== undefined));
    }
    return found.map(({ pid, startedAt }) => ({ pid, startedAt }));
  },
  identify(pid) {
    const entry = readEntry(pid);
    return entry && { pid, startedAt: entry.startedAt };
  },
  activity(pid) {
    const state = /^\d+ \(.*\) (\w)/s.exec(readOrEmpty(`/proc/${pid}/stat`).toString('latin1'))?.[1];
    if (!state) return undefined;
    return {
      stopped: state === 'T',
      program: linkOrEmpty(`/proc/${pid}/exe`),
      command: readOrEmpty(`/proc/${pid}/cmdline`).toString('utf8').replaceAll('\0', ' ').trimEnd(),
      readsTerminal: readsTerminal(pid),
    };
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

/** Each thread has children of its own. A kernel may be built without this file; then there are none. */
function childrenOf(pid: number): readonly number[] {
  return namesIn(`/proc/${pid}/task`).flatMap((thread) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/children`).toString('latin1').split(' ').filter(Boolean).map(Number),
  );
}

/**
 * Fields 3, 4, 6 and 22 of /proc/<pid>/stat; the name before them may hold blanks and brackets. Undefined for a zombie. The last
 * one is in hundredths of a second since the system began, as /proc/uptime is.
 */
function readEntry(pid: number): ProcessEntry | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`).toString('latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, , session] = fields;
  const startedAt = fields[19] ?? '';
  if (!state || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), session: Number(session), startedAt, beganAt: Number(startedAt) };
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

/**
 * The call that a process sleeps in has the file as its first argument; where in the kernel it sleeps tells that it reads. A
 * shell with line editing waits in a select first, whose first argument says that it looks at its standard input alone.
 */
function readsTerminal(pid: number): boolean {
  const argument = /^\d+ 0x([0-9a-f]+)/.exec(readOrEmpty(`/proc/${pid}/syscall`).toString('latin1'))?.[1];
  if (argument === undefined) return false;
  const place = readOrEmpty(`/proc/${pid}/wchan`).toString('latin1');
  const reads = /wait_woken|tty_read/.test(place);
  if (!reads && !(argument === '1' && /select|poll/.test(place))) return false;
  return linkOrEmpty(`/proc/${pid}/fd/${reads ? Number.parseInt(argument, 16) : 0}`).startsWith('/dev/pts/');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Gone meanwhile, or of another user.
    return '';
  }
}
