import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';

/**
 * Which of an agent's snapshots another process gets. An idle agent syncs every few seconds, and each sync is two of them that
 * differ in nothing but times: waking that process for them is most of what such an agent would cost. So they are told only
 * while somebody looks.
 */
export class ToldSnapshots {
  private newest: AgentSnapshot | undefined;
  private told = '';
  private isWatched = false;

  constructor(private readonly tell: (snapshot: AgentSnapshot) => void) {}

  /** The newest one, told or not; undefined before the first. */
  get latest(): AgentSnapshot | undefined {
    return this.newest;
  }

  /** The agent has made another one. One of an agent that is not connected is always told: it may answer a wish. */
  take(snapshot: AgentSnapshot): void {
    this.newest = snapshot;
    const text = withoutSyncTimes(snapshot);
    if (!this.isWatched && snapshot.sync && text === this.told) return;
    this.told = text;
    this.tell(snapshot);
  }

  /** Somebody looks from now on, and gets the newest one at once; or nobody does any more. */
  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    if (isWatched && this.newest) this.tell(this.newest);
  }
}

function withoutSyncTimes({ version: _version, sync: _sync, status, ...rest }: AgentSnapshot): string {
  return JSON.stringify({ ...rest, status: status.state === 'idle' ? { ...status, lastSyncAt: 0 } : status });
}
