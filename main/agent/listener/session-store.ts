/** What outlives the agent's process: enough to report a job that was cut off. */
export interface SavedSession {
  /** The name that the hub knows this agent by. */
  readonly name: string;
  /** What the register call returned. Secret. */
  readonly accessToken: string;
  /** The job that was given out and not yet reported; empty if there is none. */
  readonly jobId: string;
}

/**
 * Keeps one session. A store is opened for one agent alone: while that one lives, no other gets the same session. Writes are
 * through when they return, or when what they return resolves. None of them fails: an agent that cannot save runs all the same,
 * and says so once in its log.
 */
export interface SessionStore {
  /** What a former agent left behind, if it was cut off. */
  load(): SavedSession | undefined;
  save(session: SavedSession): void | Promise<void>;
  /** After a disconnect there is nothing to take up again. */
  forget(): void | Promise<void>;
  /** Another agent may have it from now on. */
  close?(): void;
}
