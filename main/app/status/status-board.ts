import type { AgentSnapshot, AgentStatus } from '../../../shared/agent-snapshot.ts';

/** What is known of the agent: its own snapshots, and what the main process has to say about its process. */
export class StatusBoard {
  private shown: AgentSnapshot = { version: 0, agentName: '', endpoint: '', status: { state: 'not-configured' } };
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

  private show(snapshot: AgentSnapshot): void {
    this.shown = { ...snapshot, version: this.shown.version + 1 };
    for (const reader of this.readers) reader(this.shown);
  }
}
