import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case.ts';
import type { Places } from './normalise.ts';

type Cluster = NonNullable<Case['cluster']>;

/**
 * Applies the manifests of a case with `kubectl`, and gives the agent its kubeconfig: AGENT_KUBECONFIG, else what `kubectl`
 * itself has in KUBECONFIG.
 */
export async function prepareCluster({ manifests }: Cluster, { HOME }: Places): Promise<void> {
  const { AGENT_KUBECONFIG, KUBECONFIG } = process.env;
  const config = AGENT_KUBECONFIG ?? KUBECONFIG;
  if (!config) throw new Error('a case needs a cluster: say which one by KUBECONFIG, or run e2e/cluster/main.ts');
  mkdirSync(join(HOME, '.kube'), { recursive: true });
  copyFileSync(config, join(HOME, '.kube', 'config'));
  if (manifests.length > 0) await kubectl(['apply', '-f', '-'], manifests);
}

/** Deletes the manifests of a case. */
export async function tidyCluster({ manifests }: Cluster): Promise<void> {
  if (manifests.length > 0) await kubectl(['delete', '--ignore-not-found', '-f', '-'], manifests);
}

function kubectl(args: readonly string[], items: readonly unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, (error) => (error ? reject(error) : resolve()));
    child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  });
}
