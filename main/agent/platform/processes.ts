import { readdirSync, readFileSync } from 'node:fs';

/** One process, told from a later one with the same id by when it started. */
export interface ProcessId {
  readonly pid: number;
  /** Opaque: equal for the same process only. */
  readonly startedAt: string;
}

/** What belongs to a job: whatever has its mark in the environment, descends from these, or shares a terminal session with one. */
export interface ProcessFamily {
  /** `NAME=value`, as it stands in the environment. */
  readonly mark: string;
  readonly roots: readonly number[];
}

/** The processes of this machine. */
export interface Processes {
  /** All living members of a family, the roots included. */
  find(family: ProcessFamily): readonly ProcessId[];
  /** The process that has this id now; undefined if none has. */
  identify(pid: number): ProcessId | undefined;
  /** False when it is gone, a zombie, or another process has its id now. */
  isAlive(process: ProcessId): boolean;
  /** Sends a signal; one that is gone is passed over. */
  signal(process: ProcessId, signal: NodeJS.Signals): void;
}

interface ProcessEntry extends ProcessId {
  readonly parent: number;
  readonly session: number;
}

/** Reads /proc. A process that ends between two reads is passed over; one of another user shows no environment. */
export const linuxProcesses: Processes = {
  find(family) {
    const entries = listEntries();
    const members = new Set<number>(family.roots);
    for (const entry of entries) if (hasMark(entry.pid, family.mark)) members.add(entry.pid);
    for (let grown = true; grown; ) {
      grown = false;
      for (const entry of entries) {
        if (members.has(entry.pid) || !(members.has(entry.parent) || members.has(entry.session))) continue;
        members.add(entry.pid);
        grown = true;
      }
    }
    return entries.filter((entry) => members.has(entry.pid)).map(({ pid, startedAt }) => ({ pid, startedAt }));
  },
  identify(pid) {
    const entry = readEntry(pid);
    return entry && { pid, startedAt: entry.startedAt };
  },
  isAlive: (process) => readEntry(process.pid)?.startedAt === process.startedAt,
  signal(process, signal) {
    if (linuxProcesses.isAlive(process)) sendSignal(process.pid, signal);
  },
};

/** Sends a signal to a process id; one that is gone, or is not ours, is passed over. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

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

/** The processes of this machine. Only Linux can be asked so far; elsewhere what is not a child of ours is not found. */
export const systemProcesses: Processes = linuxProcesses;
