import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';

/** Where a pod finds its own cluster's authority, and its token. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What to do where none is found. */
export const CLUSTER_ADVICE = 'set SEMAPHORE_KUBECONFIG or KUBECONFIG, or write ~/.kube/config';

/** How a cluster is reached: with whose rights, and in which namespace. */
export interface ClusterConfig {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** Where it was read, for people: a file and its context. */
  readonly from: string;
  /** A file with the user's token, which may change: read for every call. The library does not know of it. */
  readonly tokenFile?: string;
}

/**
 * Finds the cluster: the one that this process runs in, else the first of SEMAPHORE_KUBECONFIG, KUBECONFIG (several files are
 * one) and `~/.kube/config`. The library that reads them is loaded only now. One line says why there is none.
 */
export async function findCluster(
  env: Readonly<Record<string, string>>,
  home: string,
  serviceAccount = SERVICE_ACCOUNT,
): Promise<ClusterConfig | string> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  const namespace = env.KUBERNETES_NAMESPACE || 'default';
  const tokenOfPod = join(serviceAccount, 'token');
  if (env.KUBERNETES_SERVICE_HOST && existsSync(tokenOfPod)) {
    const [user, cluster] = [{ name: 'pod' }, { name: 'own', ...ownCluster(env, serviceAccount) }];
    config.loadFromClusterAndUser(cluster, user);
    return { config, namespace, from: 'the cluster that this agent runs in', tokenFile: tokenOfPod };
  }
  const files = kubeconfigFiles(env, home);
  const found = files.filter((file) => existsSync(file));
  if (found.length === 0) return `there is no kubeconfig: ${files.join(', ')} does not exist`;
  for (const [index, file] of found.entries()) {
    const problem = load(config, file, index === 0);
    if (problem !== undefined) return `the kubeconfig ${file} cannot be read: ${problem}`;
  }
  const context = config.getCurrentContext();
  const from = `${found.join(', ')}, context ${context || '(none)'}`;
  if (!config.getCurrentCluster()) return `the kubeconfig names no cluster: ${from}`;
  const tokenFile = tokenFileOf(config.getCurrentUser()?.name, found);
  return { config, namespace, from, ...(tokenFile === undefined ? {} : { tokenFile }) };
}

/** As the variables of every pod have it. The library would look at this process's own. */
function ownCluster(env: Readonly<Record<string, string>>, serviceAccount: string) {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = env;
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return { server, caFile: join(serviceAccount, 'ca.crt'), skipTLSVerify: false };
}

interface KubeconfigUsers {
  readonly users?: readonly {
    readonly name?: string;
    readonly user?: { readonly tokenFile?: string; readonly token?: string };
  }[];
}

/** A token that stands in the kubeconfig itself goes before one in a file, as with kubectl. */
function tokenFileOf(user: string | undefined, files: readonly string[]): string | undefined {
  for (const file of files) {
    const { users = [] } = (parse(readFileSync(file, 'utf8')) ?? {}) as KubeconfigUsers;
    const found = users.find(({ name }) => name === user)?.user;
    if (found) return found.tokenFile && !found.token ? resolve(dirname(file), found.tokenFile) : undefined;
  }
  return undefined;
}

function kubeconfigFiles(env: Readonly<Record<string, string>>, home: string): readonly string[] {
  if (env.SEMAPHORE_KUBECONFIG) return [env.SEMAPHORE_KUBECONFIG];
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(home, '.kube', 'config')];
}

/** What several files say is one configuration: the first that names a thing wins, as with kubectl. */
function load(config: KubeConfig, file: string, isFirst: boolean): string | undefined {
  try {
    if (isFirst) {
      config.loadFromFile(file);
      return undefined;
    }
    const other = new (config.constructor as new () => KubeConfig)();
    other.loadFromFile(file);
    const fresh = <T extends { readonly name: string }>(have: readonly T[], more: readonly T[]) => [
      ...have,
      ...more.filter((one) => !have.some(({ name }) => name === one.name)),
    ];
    config.loadFromOptions({
      clusters: fresh(config.clusters, other.clusters),
      contexts: fresh(config.contexts, other.contexts),
      users: fresh(config.users, other.users),
      currentContext: config.getCurrentContext() || other.getCurrentContext(),
    });
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? 'it is not YAML';
  }
}
