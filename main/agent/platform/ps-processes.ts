import { execFileSync } from 'node:child_process';
import { membersOf, type ProcessEntry, type Processes, sendSignal } from './processes.ts';

/** Ids, start, then command line and environment (`-E`), as the `ps` of macOS prints them. */
const LIST = ['-AwwE', '-o', 'pid=,ppid=,pgid=,lstart=,command='];
const LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

interface ListedProcess extends ProcessEntry {
  readonly commandAndEnvironment: string;
}

/** Asks `ps`, where there is no /proc. Sessions are not told there: process groups stand in for them. */
export const psProcesses: Processes = {
  find(family) {
    const entries = parsePs(list());
    const marked = new Set(entries.filter((entry) => isMarked(entry, family.mark)).map(({ pid }) => pid));
    return membersOf(family, entries, (pid) => marked.has(pid));
  },
  now: () => Math.floor(Date.now() / 1_000),
  // A `ps` several times a second would cost more than it finds.
  descendants: () => [],
  identify(pid) {
    const entry = parsePs(list()).find((candidate) => candidate.pid === pid);
    return entry && { pid, startedAt: entry.startedAt };
  },
  activity: () => undefined,
  isAlive: (process) => psProcesses.identify(process.pid)?.startedAt === process.startedAt,
  signal(process, signal) {
    if (psProcesses.isAlive(process)) sendSignal(process.pid, signal);
  },
};

/** Reads what `ps` printed; a line of another form is passed over. */
export function parsePs(text: string): readonly ListedProcess[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const [pid = 0, parent = 0, session = 0] = match.slice(1, 4).map(Number);
    const [startedAt = '', commandAndEnvironment = ''] = match.slice(4);
    return [{ pid, parent, session, startedAt, beganAt: Date.parse(startedAt) / 1_000, commandAndEnvironment }];
  });
}

function isMarked({ commandAndEnvironment }: ListedProcess, mark: string): boolean {
  return ` ${commandAndEnvironment} `.includes(` ${mark} `);
}

function list(): string {
  return execFileSync('ps', LIST, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
