import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterOptions, StandInCluster } from './api-server.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

export interface OpenCluster {
  readonly cluster: StandInCluster;
  readonly certificates: Certificates;
  /** The text of a kubeconfig for it. `user`: as kubeconfigs have it. */
  kubeconfig(user: Readonly<Record<string, unknown>>): string;
}

/** Starts the stand-in with certificates of its own. All its files are in `folder`, which is the caller's to remove. */
export async function openCluster(folder: string, options: Partial<ClusterOptions> = {}): Promise<OpenCluster> {
  const certificates = makeCertificates(folder, 'agent');
  const { server, ca } = certificates;
  const pods = mkdtempSync(join(folder, 'pods-'));
  const cluster = await StandInCluster.start({ tls: { ...server, ca }, folder: pods, ...options });
  return { cluster, certificates, kubeconfig: (user) => kubeconfigOf({ server: cluster.url, ca, user }) };
}

interface Access {
  readonly server: string;
  readonly ca: string;
  readonly user: Readonly<Record<string, unknown>>;
}

/** JSON is YAML. */
function kubeconfigOf({ server, ca, user }: Access): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}
