/** A call that goes wrong on purpose. */
export interface ClusterFault {
  readonly method?: string;
  /** Tested on the path with its query. */
  readonly path: RegExp;
  /** How often; once unless told. */
  readonly times?: number;
  /** Answer with this, instead of what is true. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cut the connection. */
  readonly reset?: boolean;
  /** Begin an answer, and never end it. */
  readonly stall?: boolean;
  /** Answer only when this has resolved. */
  readonly wait?: Promise<void>;
}

/** Faults to come, in the order in which they were planned. */
export class ClusterFaults {
  private readonly planned: { readonly fault: ClusterFault; times: number }[] = [];

  add(fault: ClusterFault): void {
    this.planned.push({ fault, times: fault.times ?? 1 });
  }

  /** The fault that this call meets, if any. */
  next(method: string, path: string): ClusterFault | undefined {
    const fits = ({ fault }: { fault: ClusterFault }) =>
      (fault.method === undefined || fault.method === method) && fault.path.test(path);
    const found = this.planned.find((plan) => plan.times > 0 && fits(plan));
    if (found) found.times -= 1;
    return found?.fault;
  }
}
