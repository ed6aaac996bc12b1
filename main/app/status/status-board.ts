import type { AgentSnapshot, AgentStatus, SnapshotJob } from '../../../shared/agent-snapshot.ts';

/** What the main process knows besides: whose pause it is, what comes after the job, whether it is practice. */
export type SnapshotFacts = Pick<AgentSnapshot, 'pause' | 'afterJob' | 'practice'>;

/** What is known of the agent: its own snapshots, and what the main process has to say about its process. */
export class StatusBoard {
  private shown: AgentSnapshot = { version: 0, agentName: '', endpoint: '', status: { state: 'not-configured' } };
  private facts: SnapshotFacts = {};
  private readonly readers: ((snapshot: AgentSnapshot) => void)[] = [];

  get snapshot(): AgentSnapshot {
    return this.shown;
  }

  /** Calls `reader` with every snapshot from now on. */
  onDidChange(reader: (snapshot: AgentSnapshot) => void): void {
    this.readers.push(reader);
  }

  /** The agent tells. A new agent counts from 1 again, so the version is counted here. */
  take(snapshot: AgentSnapshot): void {
    const { notice } = this.shown;
    this.show({ ...snapshot, ...(notice ? { notice } : {}) });
  }

  /** Tells what has changed of them; what is left out is as it was, and undefined is no longer so. */
  setFacts(changed: { readonly [F in keyof SnapshotFacts]?: SnapshotFacts[F] | undefined }): void {
    const facts = Object.fromEntries(
      Object.entries({ ...this.facts, ...changed }).filter(([, fact]) => fact !== undefined),
    );
    if (JSON.stringify(facts) === JSON.stringify(this.facts)) return;
    this.facts = facts;
    this.show(this.shown);
  }

  /** There is no agent to tell anything. */
  setStatus(status: AgentStatus): void {
    this.show({ ...this.shown, status });
  }

  /** One line for people, which stays until it is dismissed. */
  setNotice(text: string): void {
    this.show({ ...this.shown, notice: { text, at: Date.now() } });
  }

  dismissNotice(): void {
    const { notice: _read, ...rest } = this.shown;
    this.show(rest);
  }

  private show({ pause: _pause, afterJob: _afterJob, practice: _practice, ...told }: AgentSnapshot): void {
    const { pause, ...facts } = this.facts;
    const isPaused = told.status.state === 'paused' || told.status.state === 'pausing';
    const shown = { ...told, ...facts, ...(pause && isPaused ? { pause } : {}) };
    this.shown = { ...shown, version: this.shown.version + 1 };
    for (const reader of this.readers) reader(this.shown);
  }
}

/** The job that is here, if one is. */
export function jobOf({ status }: AgentSnapshot): SnapshotJob | undefined {
  return 'job' in status ? status.job : undefined;
}
