import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterOptions, StandInCluster } from './api-server.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

type Parts = Readonly<Record<string, unknown>>;

export interface OpenCluster {
  readonly cluster: StandInCluster;
  readonly certificates: Certificates;
  /** The text of a kubeconfig for it. `user`, and what goes over its `cluster`: as kubeconfigs have them. */
  kubeconfig(user: Parts, over?: Parts): string;
}

/** Starts the stand-in with certificates of its own. All its files are in `folder`, which is the caller's to remove. */
export async function openCluster(folder: string, options: Partial<ClusterOptions> = {}): Promise<OpenCluster> {
  const certificates = makeCertificates(folder, 'agent');
  const { server, ca } = certificates;
  const pods = mkdtempSync(join(folder, 'pods-'));
  const cluster = await StandInCluster.start({ tls: { ...server, ca }, folder: pods, ...options });
  const access = { server: cluster.url, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return { cluster, certificates, kubeconfig: (user, over = {}) => kubeconfigOf(user, { ...access, ...over }) };
}

/** JSON is YAML. */
function kubeconfigOf(user: Parts, cluster: Parts): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}
