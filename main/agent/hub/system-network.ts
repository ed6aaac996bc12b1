import { readFileSync } from 'node:fs';
import { trustedAuthorities } from './authorities.ts';
import type { Network } from './dispatchers.ts';

/** How this machine reaches others: the proxies of its environment, and whom it trusts besides. `caFile`: empty for none. */
export function systemNetwork(caFile: string, env: Network['env'] = process.env): Network {
  const runtimeReadsExtra = process.versions.electron === undefined;
  const readFile = (path: string) => readFileSync(path, 'utf8');
  return { env, authorities: trustedAuthorities({ caFile, env, runtimeReadsExtra, readFile }) };
}
