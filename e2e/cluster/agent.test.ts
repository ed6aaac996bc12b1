import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StandInCluster } from '../../main/practice/cluster/api-server.ts';
import { makeCertificates } from '../../main/practice/cluster/certificates.ts';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';

let work: string;
let hub: PracticeHub;
let cluster: StandInCluster;
beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
  const { server, ca } = makeCertificates(work, 'agent');
  mkdirSync(join(work, 'pods'));
  cluster = await StandInCluster.start({ tls: { ...server, ca }, folder: join(work, 'pods') });
  const access = { server: cluster.url, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const config = {
    clusters: [{ name: 'c', cluster: access }],
    users: [{ name: 'u', user: { token: 'agent' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(join(work, 'kubeconfig'), JSON.stringify(config));
});
afterEach(async () => {
  await cluster.close();
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

const start = () =>
  startAgent(hub, work, { env: { KUBECONFIG: join(work, 'kubeconfig') }, flags: ['--kubernetes-executor'] });
const left = () =>
  ['pods', 'secrets'].flatMap((resource) => cluster.objects.list(resource, 'default', () => true)).length;

it('leaves nothing in the cluster when it is killed in the middle of a job and started again', async () => {
  const first = start();
  const containers = [{ name: 'main', image: 'conformance-base:1' }];
  const id = hub.addJob({ compose: { containers }, commands: [{ directive: 'echo started; sleep 300' }] });
  await hub.waitFor(() => hub.log(id).text.includes('started'));
  expect(left()).toBe(2);
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const second = start();
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  expect(hub.resultOf(id)).toBe('failed');
  await expect.poll(left).toBe(0);
  hub.requestShutdown('requested');
  expect(await second.ended).toBe(0);
});
