import type { Finding } from '../../../shared/examination.ts';
import { ClusterClient, type ClusterError } from '../executor/kubernetes/cluster-client.ts';
import { CLUSTER_ADVICE, findCluster } from '../executor/kubernetes/cluster-config.ts';
import { type Check, fine, problem, warning } from './finding.ts';

type Right = readonly [verb: string, resource: string, part?: string];

/** What a job in a pod cannot do without; a command is run by a WebSocket, whose handshake is a GET. */
const NEEDED: readonly Right[] = [
  ['create', 'pods'],
  ['get', 'pods'],
  ['watch', 'pods'],
  ['delete', 'pods'],
  ['get', 'pods', 'exec'],
  ['create', 'secrets'],
  ['delete', 'secrets'],
];
/** Without these nothing is removed that a killed agent left. */
const USEFUL: readonly Right[] = [
  ['list', 'pods'],
  ['list', 'secrets'],
];

/** Pods need a cluster, and rights in it, where jobs are to run in them. */
export const checkKubernetes: Check = async ({ config, env, home, clock }) => {
  if (!config?.values['kubernetes-executor']) return [];
  const cluster = await findCluster(env, home);
  if (typeof cluster === 'string') return [problem('kubernetes', cluster, CLUSTER_ADVICE)];
  const client = new ClusterClient(cluster, clock);
  const where = `namespace ${client.namespace}, ${cluster.from}`;
  const podSpec = config.values['kubernetes-pod-spec'];
  const needed = podSpec === '' ? NEEDED : [...NEEDED, ['get', 'configmaps'] as const];
  try {
    return findingsOf(where, await missing(client, needed), await missing(client, USEFUL));
  } catch (error) {
    const advice = 'see that the cluster is up and the kubeconfig is of it (kubectl get pods asks the same)';
    return [problem('kubernetes', `${(error as ClusterError).message} (${where})`, advice)];
  }
};

function findingsOf(where: string, needed: readonly string[], useful: readonly string[]): readonly Finding[] {
  const advice = 'give the agent the role of docs/kubernetes.md';
  if (needed.length > 0) return [problem('kubernetes', `the agent may not ${needed.join(', ')} (${where})`, advice)];
  if (useful.length > 0)
    return [
      warning('kubernetes', `the agent may not ${useful.join(', ')}: what it leaves when it is killed stays`, advice),
    ];
  return [fine('kubernetes', where)];
}

async function missing(client: ClusterClient, rights: readonly Right[]): Promise<readonly string[]> {
  const allowed = await Promise.all(rights.map((right) => client.mayI(...right)));
  return rights
    .filter((_, index) => !allowed[index])
    .map(([verb, resource, part]) => `${verb} ${part ? `${resource}/${part}` : resource}`);
}
