import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Clock } from './clock.ts';

/** How long what was killed may take to leave its group, in ms, and how often that is looked at. */
const LEAVE_MS = 2_000;
const LOOK_MS = 10;

/**
 * A group of cgroup v2: whatever is started within it stays in it, whatever becomes of its parents, session and environment.
 * Linux only, and only where the agent may make one.
 */
export interface ControlGroup {
  readonly path: string;
  /** Puts a process into it, and with it everything that this one starts from now on. False where the system refuses. */
  add(pid: number): boolean;
  /** The process ids in it, and in the groups that somebody made below it. */
  pids(): readonly number[];
  /** Kills what is left in it, and removes it with all below it. Idempotent; never rejects. */
  remove(clock: Clock): Promise<void>;
}

/** Where cgroup v2 is mounted, and the group that this process is in. */
export interface GroupFiles {
  /** Text of /proc/self/mountinfo. */
  readonly mounts: string;
  /** Text of /proc/<pid>/cgroup. */
  readonly groups: string;
}

/** Makes a group below the one that this process is in. Undefined where there is no cgroup v2, or none that we may write to. */
export function createControlGroup(name: string): ControlGroup | undefined {
  const own = groupOf('self');
  if (own === undefined) return undefined;
  try {
    mkdirSync(join(own, name));
    return openControlGroup(join(own, name));
  } catch {
    // Not ours to write, mounted read-only, not delegated: other means have to do.
    return undefined;
  }
}

/**
 * Removes groups beside ours whose names begin so, that have been there for longer than `olderThanMs`, and in which nothing
 * runs: an agent that was killed could not. A younger one may be about to get its first process.
 */
export function removeEmptyGroups(prefix: string, olderThanMs: number, clock: Clock): void {
  const own = groupOf('self');
  if (own === undefined) return;
  for (const name of readdirSync(own).filter((entry) => entry.startsWith(prefix))) {
    const path = join(own, name);
    const age = clock.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? clock.now());
    if (age > olderThanMs && openControlGroup(path).pids().length === 0) removeFolders(path);
  }
}

/** The folder of the group that a process is in; undefined where that cannot be told. */
export function groupOf(pid: number | 'self'): string | undefined {
  try {
    return groupFolder({
      mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
      groups: readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
    });
  } catch {
    return undefined;
  }
}

/** Finds a group's folder among the mounts. What is mounted may be a part of the tree only, as in a container. */
export function groupFolder({ mounts, groups }: GroupFiles): string | undefined {
  const group = /^0::(\/.*)$/m.exec(groups)?.[1];
  if (group === undefined) return undefined;
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    if (!after.startsWith('cgroup2 ')) continue;
    const [, , , root = '/', mountPoint = ''] = before.split(' ').map(unescaped);
    const within = relative(root, group);
    if (!within.startsWith('..')) return join(mountPoint, within);
  }
  return undefined;
}

/** The group in a folder. */
export function openControlGroup(path: string): ControlGroup {
  return {
    path,
    add(pid) {
      try {
        writeFileSync(join(path, 'cgroup.procs'), String(pid));
        return true;
      } catch {
        return false;
      }
    },
    pids: () => foldersFrom(path).flatMap(pidsIn),
    async remove(clock) {
      const begin = clock.monotonic();
      killAll(path);
      while (!removeFolders(path) && clock.monotonic() - begin < LEAVE_MS) await clock.sleep(LOOK_MS);
    },
  };
}

/** mountinfo writes blanks and the like as octal numbers. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function pidsIn(folder: string): readonly number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killAll(path: string): void {
  try {
    writeFileSync(join(path, 'cgroup.kill'), '1');
  } catch {
    // A kernel before 5.14 has no such file; then the ladder was all that there is.
  }
}

/** A group and those below it, the deepest last. */
function foldersFrom(path: string): readonly string[] {
  try {
    const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [path, ...below.flatMap(({ name }) => foldersFrom(join(path, name)))];
  } catch {
    return [];
  }
}

/** True when they are gone. A group in which something still ends cannot be removed yet. */
function removeFolders(path: string): boolean {
  try {
    for (const folder of [...foldersFrom(path)].reverse()) rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
