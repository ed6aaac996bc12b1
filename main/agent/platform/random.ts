import { randomBytes, randomInt } from 'node:crypto';

/** Where chance enters the agent, so that tests can take it out. */
export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
  /** A whole number, `low` and `high` included. */
  between(low: number, high: number): number;
}

/** The machine's own source. */
export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  between: (low, high) => randomInt(low, high + 1),
};
