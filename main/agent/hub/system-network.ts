import { readFileSync } from 'node:fs';
import { trustedAuthorities } from './authorities.ts';
import type { Network } from './dispatchers.ts';

/** How this machine reaches others: the proxies of its environment, and whom it trusts besides. `caFile`: empty for none. */
export function systemNetwork(caFile: string): Network {
  const { env } = process;
  return { env, authorities: trustedAuthorities(caFile, env, (path) => readFileSync(path, 'utf8')) };
}
