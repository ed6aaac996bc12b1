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
  /** Members that are known by other means; asked at every look. One that is gone counts for nothing. */
  readonly known?: () => readonly ProcessId[];
}

/** What a process is doing, as far as the system tells. */
export interface ProcessActivity {
  /** It was sent SIGSTOP or the like. */
  readonly stopped: boolean;
  /** Path of the program that it runs now. */
  readonly program: string;
  /** Its command line, blanks between the arguments. */
  readonly command: string;
  /** It sleeps in a read from a terminal. */
  readonly readsTerminal: boolean;
}

/** The processes of this machine. */
export interface Processes {
  /** All living members of a family, the roots included. */
  find(family: ProcessFamily): readonly ProcessEntry[];
  /** This moment, as `beganAt` counts it. */
  now(): number;
  /** What descends from these, they themselves not. Cheap enough to be asked often; parents that ended break the line. */
  descendants(roots: readonly number[]): readonly ProcessId[];
  /** The process that has this id now; undefined if none has. */
  identify(pid: number): ProcessId | undefined;
  /** Undefined where there is no such process, or the system does not tell. */
  activity(pid: number): ProcessActivity | undefined;
  /** False when it is gone, a zombie, or another process has its id now. */
  isAlive(process: ProcessId): boolean;
  /** Sends a signal; one that is gone is passed over. */
  signal(process: ProcessId, signal: NodeJS.Signals): void;
}

/** A process as the system lists it. */
export interface ProcessEntry extends ProcessId {
  readonly parent: number;
  /** Leader of its terminal session, or of its process group where the system does not tell that. */
  readonly session: number;
  /** When it began, as the system counts that: in whole steps, 10 ms on Linux. */
  readonly beganAt: number;
}

/** The members of a family among all processes: roots and marked ones, and whatever descends from or shares a session with one. */
export function membersOf(
  family: ProcessFamily,
  entries: readonly ProcessEntry[],
  hasMark: (pid: number) => boolean,
): readonly ProcessEntry[] {
  const members = new Set<number>(family.roots);
  const known = new Set(family.known?.().map(keyOf));
  for (const entry of entries) if (known.has(keyOf(entry))) members.add(entry.pid);
  for (const { pid } of entries) if (hasMark(pid)) members.add(pid);
  for (let grown = true; grown; ) {
    grown = false;
    for (const entry of entries) {
      if (members.has(entry.pid) || !(members.has(entry.parent) || members.has(entry.session))) continue;
      members.add(entry.pid);
      grown = true;
    }
  }
  return entries.filter(({ pid }) => members.has(pid));
}

/** What tells one process from every other, as a text. */
export function keyOf({ pid, startedAt }: ProcessId): string {
  return `${pid} ${startedAt}`;
}

/** Sends a signal to a process id; one that is gone, or is not ours, is passed over. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
