import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StandInCluster } from '../../main/practice/cluster/api-server.ts';
import { openCluster } from '../../main/practice/cluster/open-cluster.ts';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';

const EXAMPLES = 'docs/examples';
/** Those of the examples; the second one's own program goes on until it is told to go. */
const IMAGES = new Map([
  ['debian:12-slim', {}],
  ['redis:7-alpine', { command: ['sleep', 'infinity'] }],
]);

let work: string;
let home: string;
let cluster: StandInCluster;
beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  home = join(work, 'home');
  const opened = await openCluster(work, { images: IMAGES });
  cluster = opened.cluster;
  mkdirSync(join(home, '.kube'), { recursive: true });
  writeFileSync(join(home, '.kube', 'config'), opened.kubeconfig({ token: 'agent' }));
});
afterEach(async () => {
  const left = ['pods', 'secrets'].flatMap((resource) => cluster.objects.list(resource, 'default', () => true));
  await cluster.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  expect(left).toEqual([]);
});

/** Runs a job's file. `onOutput` is told of all that it printed so far. */
function run(file: string, onOutput: (text: string, interrupt: () => void) => void = () => undefined) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((done) => {
    const args = [join('dist', 'cli.cjs'), 'run', '--kubernetes-executor', file];
    const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: work };
    const agent = execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    let text = '';
    agent.stdout?.on('data', (chunk: string) => {
      text += chunk;
      onOutput(text, () => agent.kill('SIGINT'));
    });
  });
}

it('runs the example in a pod, whose containers answer to their names', async () => {
  const { code, stdout, stderr } = await run(join(EXAMPLES, 'kubernetes.yml'));
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^▸ Creating Kubernetes resources for job\.\.\./m);
  expect(stdout).toMatch(/^In a pod with bash 5\./m);
  expect(stdout).toMatch(/^Job passed after .*\n$/m);
  expect(code).toBe(0);
});

it('stops at Ctrl-C and leaves nothing in the cluster', async () => {
  const file = join(work, 'job.json');
  const containers = [{ name: 'main', image: 'debian:12-slim' }];
  writeFileSync(file, JSON.stringify({ compose: { containers }, commands: [{ directive: 'echo begun; sleep 600' }] }));
  let interrupts = 0;
  const { code, stdout } = await run(file, (text, interrupt) => {
    if (/^begun/m.test(text) && interrupts++ === 0) interrupt();
  });
  expect(stdout).toMatch(/^Job stopped after .*\n$/m);
  expect(code).toBe(130);
});

it('says what to do where there is no cluster', async () => {
  rmSync(join(home, '.kube'), { recursive: true });
  const { code, stdout } = await run(join(EXAMPLES, 'kubernetes.yml'));
  expect(stdout).toMatch(/^No Kubernetes cluster: .*KUBECONFIG/m);
  expect(code).toBe(1);
});

it('runs the hook of the examples in the pod', async () => {
  const hub = await PracticeHub.start();
  const containers = [{ name: 'main', image: 'debian:12-slim' }];
  const id = hub.addJob({ compose: { containers }, commands: [{ directive: 'true' }] });
  // As its comment says: it comes with the pod specification.
  const hook = readFileSync(join(EXAMPLES, 'hooks', 'kubernetes.sh')).toString('base64');
  const ci = cluster.objects.create('secrets', 'default', {
    metadata: { name: 'ci' },
    data: { 'kubernetes.sh': hook },
  });
  const pod = { volumes: [{ name: 'ci', secret: { secretName: 'ci' } }] };
  const mainContainer = { volumeMounts: [{ name: 'ci', mountPath: '/tmp/ci' }] };
  const parts = { pod: JSON.stringify(pod), mainContainer: JSON.stringify(mainContainer) };
  cluster.objects.create('configmaps', 'default', { metadata: { name: 'spec' }, data: parts });
  const hooked = ['--pre-job-hook-path', '/tmp/ci/kubernetes.sh', '--fail-on-pre-job-hook-error'];
  const flags = ['--kubernetes-executor', '--kubernetes-pod-spec', 'spec', ...hooked];
  const agent = startAgent(hub, work, { flags });
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  expect(hub.log(id).text).toContain(`On semaphore-job-${id}, with`);
  expect(hub.resultOf(id)).toBe('passed');
  hub.requestShutdown('requested');
  expect(await agent.ended).toBe(0);
  await hub.close();
  cluster.objects.remove('secrets', ci);
});
