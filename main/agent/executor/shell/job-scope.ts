import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { type ControlGroup, createControlGroup, groupOf, openControlGroup } from '../../platform/control-group.ts';

/**
 * Asking the user's systemd for a scope takes some 50 ms; one that does not answer is not there. In ms. It is asked once, perhaps
 * while the machine still starts: who gives up too soon has no scope for as long as the agent lives.
 */
const PROBE_LIMIT_MS = 10_000;

/**
 * What keeps the processes of one job together, so that none gets away. Order of calls: for each session `command`, then
 * `adopt`; `pids` at any time; `remove` last.
 */
export interface JobScope {
  /** How the leader of a session is to be started. */
  command(leader: readonly string[]): readonly string[];
  /** Told of a leader that runs, before it starts anything. */
  adopt(pid: number): void;
  /** The process ids in it; none where the system has no such thing. */
  pids(): readonly number[];
  /** True where nothing gets away: then nobody has to look who descends from whom. */
  readonly holds: boolean;
  /** Where an agent finds what was left by one that was killed; empty where nowhere. */
  readonly path: string;
  /** Kills what is left in it, and removes it. */
  remove(): Promise<void>;
}

export type OpenJobScope = (name: string) => Promise<JobScope>;

export interface JobScopeSettings {
  readonly clock: Clock;
  /** Of the agent: where it finds the systemd of its user. */
  readonly env: Readonly<Record<string, string>>;
  readonly createGroup?: (name: string) => ControlGroup | undefined;
}

/** Gives the best scope that this machine has: a group of cgroup v2 of our own; else a scope of the user's systemd; else none. */
export function createOpenJobScope({ clock, env, createGroup = createControlGroup }: JobScopeSettings): OpenJobScope {
  let systemd: Promise<boolean> | undefined;
  return async (name) => {
    const group = createGroup(name);
    if (group) return groupScope(group, clock);
    systemd ??= canScope(env);
    return (await systemd) ? systemdScope(name, clock) : NO_SCOPE;
  };
}

/** For a machine that has nothing of the kind. */
export const NO_SCOPE: JobScope = {
  command: (leader) => leader,
  adopt: () => undefined,
  pids: () => [],
  holds: false,
  path: '',
  remove: () => Promise.resolve(),
};

function groupScope(group: ControlGroup, clock: Clock): JobScope {
  let adopted = true;
  return {
    command: (leader) => leader,
    adopt(pid) {
      adopted = group.add(pid) && adopted;
    },
    pids: () => group.pids(),
    get holds() {
      return adopted;
    },
    path: group.path,
    remove: () => group.remove(clock),
  };
}

/** A scope for each session: systemd moves the leader into a group of its own, which is read from the leader. */
function systemdScope(name: string, clock: Clock): JobScope {
  const leaders: number[] = [];
  const groups = new Map<string, ControlGroup>();
  const found = () => {
    for (const path of leaders.map(groupOf)) {
      if (path?.includes(name)) groups.set(path, groups.get(path) ?? openControlGroup(path));
    }
    return [...groups.values()];
  };
  return {
    command: (leader) => [...SYSTEMD_RUN, `--unit=${name}-${leaders.length}`, '--', ...leader],
    adopt: (pid) => void leaders.push(pid),
    pids: () => found().flatMap((group) => group.pids()),
    get holds() {
      return found().length === leaders.length;
    },
    path: '',
    remove: async () => void (await Promise.all(found().map((group) => group.remove(clock)))),
  };
}

const SYSTEMD_RUN = ['systemd-run', '--user', '--scope', '--quiet', '--collect'];

function canScope(env: Readonly<Record<string, string>>): Promise<boolean> {
  const folder = env.XDG_RUNTIME_DIR ?? '';
  if (folder === '' || !existsSync(join(folder, 'systemd'))) return Promise.resolve(false);
  const [file = '', ...args] = SYSTEMD_RUN;
  return new Promise((resolve) => {
    execFile(file, [...args, '--', 'true'], { env, timeout: PROBE_LIMIT_MS }, (error) => resolve(error === null));
  });
}
