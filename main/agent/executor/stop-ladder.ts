import type { Clock } from '../platform/clock.ts';
import type { Processes, ProcessFamily, ProcessId } from '../platform/processes.ts';
import type { StopRung } from './executor.ts';

/** Between asking and killing, in ms. */
export const TERMINATE_GRACE_MS = 10_000;
/** What is not gone so long after a SIGKILL sits in the kernel; waiting on does not help. */
const KILL_GRACE_MS = 5_000;
const FIRST_LOOK_MS = 2;
const SLOWEST_LOOK_MS = 50;

export interface LadderOptions {
  readonly processes: Processes;
  readonly clock: Clock;
  readonly family: ProcessFamily;
  /** Left alone: it ends by itself, or is ended by the caller afterwards. */
  readonly spared: readonly number[];
  /** Interactive shells pass SIGTERM over; they end by SIGHUP. */
  isShell(pid: number): boolean;
  /** Aborted when nobody has patience any more: the grace is over then. */
  readonly hurry?: AbortSignal | undefined;
}

/**
 * Ends a family of processes: ask, wait at most 10 s, kill. What is forked meanwhile is found and treated the same way.
 * Resolves when nothing but the spared ones is left.
 */
export async function endFamily(options: LadderOptions): Promise<StopRung> {
  const { processes, clock, hurry } = options;
  const start = clock.monotonic();
  const asked = new Set<string>();
  const isPatient = () => !hurry?.aborted && clock.monotonic() - start < TERMINATE_GRACE_MS;
  let killingSince: number | undefined;
  let rung: StopRung = 'nothing-left';
  let pauseMs = FIRST_LOOK_MS;
  for (;;) {
    const alive = processes.find(options.family).filter(({ pid }) => !options.spared.includes(pid));
    if (alive.length === 0) return rung;
    if (killingSince !== undefined && clock.monotonic() - killingSince > KILL_GRACE_MS) return 'survived';
    if (!isPatient()) {
      killingSince ??= clock.monotonic();
      rung = 'killed';
      for (const process of alive) processes.signal(process, 'SIGKILL');
    } else {
      if (alive.some(({ pid }) => !options.isShell(pid)) && rung === 'nothing-left') rung = 'terminated';
      for (const process of alive) ask(process, options, asked);
    }
    do {
      await clock.sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS);
    } while (alive.every((process) => processes.isAlive(process)) && isPatient());
  }
}

/** Asks once. A stopped process is woken, or it would never hear. */
function ask(process: ProcessId, options: LadderOptions, asked: Set<string>): void {
  const key = `${process.pid} ${process.startedAt}`;
  if (asked.has(key)) return;
  asked.add(key);
  options.processes.signal(process, options.isShell(process.pid) ? 'SIGHUP' : 'SIGTERM');
  options.processes.signal(process, 'SIGCONT');
}
