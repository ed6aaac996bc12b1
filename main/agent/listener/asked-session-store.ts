import type { KeptSession } from '../../../shared/contract/main-agent.ts';
import type { SavedSession, SessionStore } from './session-store.ts';

export interface AskedSessionStoreOptions {
  /** Of this agent; what was kept under another one belongs to somebody else. */
  readonly key: string;
  /** What is there at the start. */
  readonly kept: KeptSession | null;
  /** Resolves when it is kept. */
  readonly keep: (session: KeptSession | null) => Promise<unknown>;
  /** Called once when it could not be kept. */
  readonly onProblem: (message: string) => void;
}

/** The desktop's session: another process keeps it, and says when it has. */
export function createAskedSessionStore({ key, kept, keep, onProblem }: AskedSessionStoreOptions): SessionStore {
  let problemTold = false;
  const ask = async (session: KeptSession | null) => {
    try {
      await keep(session);
    } catch {
      if (!problemTold) onProblem("The agent's session cannot be kept: after a crash its job will be reported late");
      problemTold = true;
    }
  };
  return {
    load: () => (kept?.key === key ? kept : undefined),
    save: (session: SavedSession) => ask({ key, ...session }),
    forget: () => ask(null),
  };
}
