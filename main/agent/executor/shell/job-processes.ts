import type { Processes, ProcessFamily, ProcessId } from '../../platform/processes.ts';
import type { JobScope } from './job-scope.ts';

export interface JobProcessesOptions {
  readonly processes: Processes;
  readonly scope: JobScope;
  /** `NAME=value` in the environment of everything that the job started. */
  readonly mark: string;
}

/**
 * Knows which processes are a job's: those in its scope, those with its mark, what descends from its terminal, and what was
 * once seen to. The last counts where there is no scope: who empties its environment and leaves its parents is still known.
 */
export class JobProcesses {
  private seen: readonly ProcessId[] = [];

  constructor(private readonly options: JobProcessesOptions) {}

  /** Notes what descends from these now. To be called again and again while the job runs. */
  look(roots: readonly number[]): void {
    const { processes, scope } = this.options;
    if (scope.holds) return;
    const before = this.seen.filter((process) => processes.isAlive(process));
    const found = processes.descendants([...roots, ...before.map(({ pid }) => pid)]);
    const isNew = ({ pid }: ProcessId) => !before.some((known) => known.pid === pid);
    this.seen = [...before, ...found.filter(isNew)];
  }

  /** All of them, with what these processes are leaders or parents of. */
  family(roots: readonly number[]): ProcessFamily {
    return { mark: this.options.mark, roots, known: () => [...this.seen, ...this.inScope()] };
  }

  private inScope(): readonly ProcessId[] {
    const { processes, scope } = this.options;
    return scope.pids().flatMap((pid) => processes.identify(pid) ?? []);
  }
}
