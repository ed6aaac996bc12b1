/** The kinds of calls that can be broken on purpose, and recorded. */
export type CallKind =
  | 'register'
  | 'sync'
  | 'job'
  | 'refresh'
  | 'disconnect'
  | 'push'
  | 'callback'
  | 'metrics'
  | 'jobs'
  | 'unknown';

/** A fault to come: after `skip` good calls of its kind, `times` times. */
export interface Fault {
  readonly on: CallKind;
  readonly skip?: number;
  readonly times?: number;
  /** Answer with this status, and with `body` and `headers` if they are given. */
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Write this to the connection in place of an answer, then close it. */
  readonly raw?: string;
  /** Write this, and then nothing more; the connection stays open. */
  readonly stall?: string;
  /** Close the connection without an answer. */
  readonly reset?: boolean;
  /** Wait so many ms, then answer as always. */
  readonly delay?: number;
}

interface PlannedFault {
  readonly fault: Fault;
  skip: number;
  times: number;
}

/** Faults in the order in which they were planned; the first that fits a call is the one that happens. */
export class FaultPlan {
  private readonly planned: PlannedFault[] = [];

  add(fault: Fault): void {
    this.planned.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  /** From now on all is well. */
  mend(): void {
    this.planned.length = 0;
  }

  /** The fault that this call meets, if any. Faults of one kind follow one another. */
  next(kind: CallKind): Fault | undefined {
    const plan = this.planned.find(({ fault, times }) => fault.on === kind && times > 0);
    if (!plan) return undefined;
    if (plan.skip > 0) {
      plan.skip -= 1;
      return undefined;
    }
    plan.times -= 1;
    return plan.fault;
  }
}
