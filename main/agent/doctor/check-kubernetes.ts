import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Check, fine, problem } from './finding.ts';

/** Where Kubernetes puts an account into a pod. */
const IN_CLUSTER = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The way to a cluster; looked for only where jobs are to run in pods. */
export const checkKubernetes: Check = async ({ config, env, home }) => {
  if (!config?.values['kubernetes-executor']) return [];
  const named = env.SEMAPHORE_KUBECONFIG || env.KUBECONFIG || '';
  const paths = named === '' ? [IN_CLUSTER, join(home, '.kube', 'config')] : named.split(delimiter).filter(Boolean);
  for (const path of paths) {
    if (await isReadable(path)) return [fine('kubernetes', `the cluster is described in ${path}`)];
  }
  const advice = 'set KUBECONFIG to a file with access to your cluster';
  return [problem('kubernetes', `no kubeconfig can be read; looked for: ${paths.join(', ')}`, advice)];
};

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
