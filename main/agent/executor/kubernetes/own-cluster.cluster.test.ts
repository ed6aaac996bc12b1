import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { ClusterClient } from './cluster-client.ts';
import { type ClusterConfig, findCluster } from './cluster-config.ts';
import { PodStage } from './fake-stage.ts';

let stage: PodStage;
let serviceAccount: string;
let env: Record<string, string>;
beforeEach(async () => {
  stage = await PodStage.open();
  serviceAccount = join(stage.home, 'serviceaccount');
  mkdirSync(serviceAccount);
  place('ca.crt', stage.certificates.ca);
  place('token', 'agent\n');
  const { hostname, port } = new URL(stage.cluster.url);
  env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
});
afterEach(() => stage.close());

/** What the node puts into a pod. */
function place(name: string, content: string): void {
  writeFileSync(join(serviceAccount, name), content);
}

async function find(more: Readonly<Record<string, string>> = {}): Promise<ClusterConfig> {
  const cluster = await findCluster({ ...env, ...more }, stage.home, serviceAccount);
  if (typeof cluster === 'string') throw new Error(cluster);
  return cluster;
}

describe('the cluster that an agent runs in', () => {
  it('goes before every kubeconfig, and the namespace is the one that is told', async () => {
    const found = await find({ SEMAPHORE_KUBECONFIG: '/nowhere/config' });
    expect(found.from).toBe('the cluster that this agent runs in');
    expect(found.namespace).toBe('default');
    await new ClusterClient(found, systemClock).call('GET', 'pods');
    expect(stage.cluster.calls.at(-1)).toMatchObject({ path: '/api/v1/namespaces/default/pods', status: 200 });
    expect((await find({ KUBERNETES_NAMESPACE: 'jobs' })).namespace).toBe('jobs');
  });

  it('is told who we are by a token that may be another one at the next call', async () => {
    const client = new ClusterClient(await find(), systemClock);
    await client.call('GET', 'pods');
    place('token', 'wrong');
    await expect(client.call('GET', 'pods')).rejects.toMatchObject({ code: 401 });
    place('token', 'agent');
    await client.call('GET', 'pods');
    rmSync(join(serviceAccount, 'token'));
    await expect(client.call('GET', 'pods')).rejects.toMatchObject({
      code: 0,
      message: expect.stringMatching(/ENOENT.*token.*\(the cluster that this agent runs in\)$/),
    });
  });

  it('is trusted by the authority that the pod was given, and by no other one', async () => {
    place('ca.crt', stage.certificates.server.cert);
    await expect(new ClusterClient(await find(), systemClock).call('GET', 'pods')).rejects.toMatchObject({
      code: 0,
      message: expect.stringMatching(/certificate/),
    });
  });

  it.each([
    ['10.96.0.1', '443', 'https://10.96.0.1:443'],
    ['fd00:10:96::1', '443', 'https://[fd00:10:96::1]:443'],
    ['kubernetes.default.svc', '8080', 'https://kubernetes.default.svc:8080'],
  ])('is at %s', async (host, port, server) => {
    const { config } = await find({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port });
    expect(config.getCurrentCluster()).toMatchObject({ server, skipTLSVerify: false });
  });

  it('is none where a pod was given no token', async () => {
    rmSync(join(serviceAccount, 'token'));
    expect((await find()).from).toMatch(/\.kube\/config, context x$/);
  });
});
