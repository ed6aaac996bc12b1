import type { Clock } from '../platform/clock.ts';
import { keyOf, type ProcessEntry, type Processes, type ProcessFamily, type ProcessId } from '../platform/processes.ts';
import type { StopRung } from './executor.ts';

/** Between asking and killing, in ms. */
export const TERMINATE_GRACE_MS = 10_000;
/** So long before the grace is over what cleans up is asked as well, in ms. */
const LAST_CALL_MS = 1_000;
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
 * Ends a family of processes: ask, wait at most 10 s, kill. What is forked meanwhile is found and treated the same way, but
 * what one of them starts once it was asked, which is how it cleans up: that has the grace too.
 * Resolves when nothing but the spared ones is left.
 */
export async function endFamily(options: LadderOptions): Promise<StopRung> {
  const { processes, clock, hurry } = options;
  const start = clock.monotonic();
  const asking = new Asking(options);
  const phase = () => phaseAfter(hurry?.aborted ? TERMINATE_GRACE_MS : clock.monotonic() - start);
  let killingSince: number | undefined;
  let rung: StopRung = 'nothing-left';
  let pauseMs = FIRST_LOOK_MS;
  for (let looks = 1; ; looks += 1) {
    const now = phase();
    const alive = processes.find(options.family).filter(({ pid }) => !options.spared.includes(pid));
    if (alive.length === 0) return rung;
    if (killingSince !== undefined && clock.monotonic() - killingSince > KILL_GRACE_MS) return 'survived';
    if (now === 'kill') {
      killingSince ??= clock.monotonic();
      rung = 'killed';
      for (const process of alive) processes.signal(process, 'SIGKILL');
    } else {
      if (alive.some(({ pid }) => !options.isShell(pid)) && rung === 'nothing-left') rung = 'terminated';
      asking.ask(alive, now === 'last-call');
    }
    // The second look comes soon in any case: it finds what was forked during the first one.
    do {
      await clock.sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS);
    } while (looks > 1 && now !== 'kill' && phase() === now && alive.every((process) => processes.isAlive(process)));
  }
}

function phaseAfter(ms: number): 'ask' | 'last-call' | 'kill' {
  if (ms >= TERMINATE_GRACE_MS) return 'kill';
  return ms < TERMINATE_GRACE_MS - LAST_CALL_MS ? 'ask' : 'last-call';
}

/** Asks each process once to end. */
class Asking {
  /** When each of them was asked. */
  private readonly asked = new Map<string, number>();

  constructor(private readonly options: Pick<LadderOptions, 'processes' | 'isShell'>) {}

  /** Asks those that were not asked yet; those that clean up only by the last call. */
  ask(alive: readonly ProcessEntry[], isLastCall: boolean): void {
    const byPid = new Map(alive.map((process) => [process.pid, process]));
    const isDue = (process: ProcessEntry) => !this.asked.has(keyOf(process));
    const due = alive.filter((process) => isDue(process) && (isLastCall || !this.cleansUp(process, byPid)));
    const now = this.options.processes.now();
    for (const process of due) {
      this.asked.set(keyOf(process), now);
      this.signal(process);
    }
  }

  /** Something above it was asked before it began. */
  private cleansUp(process: ProcessEntry, byPid: ReadonlyMap<number, ProcessEntry>): boolean {
    for (let above = byPid.get(process.parent); above; above = byPid.get(above.parent)) {
      const at = this.asked.get(keyOf(above));
      if (at !== undefined) return process.beganAt >= at;
    }
    return false;
  }

  /** A stopped process is woken, or it would never hear. */
  private signal(process: ProcessId): void {
    const { processes, isShell } = this.options;
    processes.signal(process, isShell(process.pid) ? 'SIGHUP' : 'SIGTERM');
    processes.signal(process, 'SIGCONT');
  }
}
