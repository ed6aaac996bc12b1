import { hostname } from 'node:os';
import type { Processes } from '../../platform/processes.ts';

/** On everything that is made for a job: the job's id, the agent's name, and what this file needs to know whose it is. */
export const JOB_LABEL = 'io.signalbox.job';
const AGENT_LABEL = 'io.signalbox.agent';
const CLAIM_LABEL = 'io.signalbox.claim';
/** Which process made it: `<host> <process id> <start of the process>`. */
export const OWNER_LABEL = 'io.signalbox.owner';

/**
 * Whose the things at an engine are. What this process makes carries labels and is its own until it is released; what an agent
 * of this machine left that is gone, or this one could not remove, is abandoned.
 */
export class EngineClaims {
  private readonly live = new Set<string>();

  constructor(
    private readonly processes: Processes,
    private readonly agentName: string,
  ) {}

  /** Labels for what is made for a job. `claim`: a name of this job's things that nothing else has. */
  claim(claim: string, jobId: string): Record<string, string> {
    this.live.add(claim);
    return { [JOB_LABEL]: jobId, [AGENT_LABEL]: this.agentName, [CLAIM_LABEL]: claim, [OWNER_LABEL]: this.self() };
  }

  /** The job is over: what is still there of it may be removed. */
  release(claim: string): void {
    this.live.delete(claim);
  }

  /** False for what somebody lives for, and for what agents of other machines made: whether those live nobody can say here. */
  isAbandoned(labels: Readonly<Record<string, string>>): boolean {
    const owner = labels[OWNER_LABEL] ?? '';
    if (owner === this.self()) return !this.live.has(labels[CLAIM_LABEL] ?? '');
    const [host, pid, ...startedAt] = owner.split(' ');
    if (host !== hostname() || !Number(pid)) return false;
    const running = this.processes.identify(Number(pid));
    return running === undefined || running.startedAt !== startedAt.join(' ');
  }

  private self(): string {
    const { pid, startedAt } = this.processes.identify(process.pid) ?? { pid: process.pid, startedAt: '' };
    return `${hostname()} ${pid} ${startedAt}`;
  }
}
