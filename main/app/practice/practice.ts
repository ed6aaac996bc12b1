import type { AgentSettings } from '../../../shared/contract/main-agent.ts';
import { DESKTOP_DEFAULTS } from '../../../shared/options/desktop-defaults.ts';
import { type PracticeHubProcess, startPracticeHub } from './practice-hub-process.ts';

/** A try without an account: the agent belongs to a hub on this machine, and nothing of that is saved. */
export class Practice {
  private hub: PracticeHubProcess | undefined;
  private wanted = false;

  /** The agent is to be the practice hub's. */
  get isWanted(): boolean {
    return this.wanted;
  }

  /** Resolves when the hub listens. Rejects when it ends early. */
  async begin(): Promise<void> {
    this.hub ??= await startPracticeHub();
    this.wanted = true;
  }

  /** From now on it is over; the hub lives until `end`, so that the agent can take its leave. */
  leave(): void {
    this.wanted = false;
  }

  /** Ends a hub that nobody needs any more. */
  end(): void {
    if (this.wanted) return;
    this.hub?.stop();
    this.hub = undefined;
  }

  /** With what an agent of the practice hub begins. `base`: variables that every agent of the app gets. */
  settings(base: Readonly<Record<string, string>>): AgentSettings {
    const env = {
      ...base,
      SEMAPHORE_AGENT_ENDPOINT: this.hub?.endpoint ?? '',
      SEMAPHORE_AGENT_TOKEN: this.hub?.token ?? '',
      SEMAPHORE_AGENT_NO_HTTPS: 'true',
      SEMAPHORE_AGENT_NAME: 'practice-agent',
    };
    return { env, saved: DESKTOP_DEFAULTS };
  }
}
