import type { Clock } from '../../platform/clock.ts';
import type { ProcessActivity, Processes } from '../../platform/processes.ts';

/** How often the shell is looked at, in ms. Short commands are over before the first look. */
const LOOK_MS = 500;

export interface ShellWatchOptions {
  readonly processes: Processes;
  readonly clock: Clock;
  /** The job's shell, which may be a new one by now; 0 while there is none. */
  readonly pid: () => number;
  /** Called at every look. */
  readonly onLook: () => void;
  /** The command is over. */
  readonly signal: AbortSignal;
}

/**
 * Keeps a command from waiting for ever on its own shell. One that stopped itself (`kill -STOP $$`) is woken. One that
 * replaced itself (`exec zsh`, `exec bash`) by a program that reads the terminal, where nobody will ever type for it, is ended: the
 * command is over then, and the next one gets a new shell. Resolves when the command is over.
 */
export async function watchShell({ processes, clock, pid, onLook, signal }: ShellWatchOptions): Promise<void> {
  let waitedBefore = false;
  for (;;) {
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) return;
    onLook();
    const found = processes.identify(pid());
    const activity = found && processes.activity(found.pid);
    if (!found || !activity) continue;
    if (activity.stopped) processes.signal(found, 'SIGCONT');
    const waits = !isSession(activity) && activity.readsTerminal;
    if (waits && waitedBefore) processes.signal(found, 'SIGKILL');
    waitedBefore = waits;
  }
}

/** The session's bash may wait for input: `read` has a time limit of its own, or is the job's own fault. */
function isSession({ program, command }: ProcessActivity): boolean {
  return /\/bash[^/]*$/.test(program) && command.includes('--noediting');
}
