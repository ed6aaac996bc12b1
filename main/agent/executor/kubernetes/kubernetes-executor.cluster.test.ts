import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { systemProcesses } from '../../platform/system-processes.ts';
import { EngineClaims } from '../docker/engine-claims.ts';
import { PodStage, type StagedJob } from './fake-stage.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const BASE = { name: 'main', image: 'conformance-base:1' };

let stage: PodStage;
let log: FakeJobLog;
beforeEach(async () => {
  stage = await PodStage.open();
  log = new FakeJobLog();
});
afterEach(() => stage.close());

function executorOf(job: StagedJob) {
  return stage.executor({ log, ...job });
}

/** Starts a job that cannot start. What it says of it, and that nothing is left of it. */
async function refusal(job: StagedJob): Promise<string> {
  const executor = executorOf(job);
  await executor.prepare();
  expect((await executor.start()).ok).toBe(false);
  await executor.cleanUp();
  expect(stage.left()).toEqual([]);
  expect(log.events.at(-1)).toBe('< 1');
  return log.events.at(-2) ?? '';
}

describe('a pod that cannot be', () => {
  it.each<[string, StagedJob, RegExp]>([
    ['no image', { request: { compose: {} } }, /no containers specified in Semaphore YAML/],
    [
      'an image that is not allowed',
      { settings: { allowedImages: ['^other/'] } },
      /image 'conformance-base:1' is not allowed/,
    ],
    [
      'a pod spec that is not there',
      { settings: { podSpec: 'none' } },
      /^Failed to load pod spec: error finding configmap 'none': configmaps "none" not found/,
    ],
    [
      'more files than a secret takes',
      {
        request: {
          files: [{ path: 'a', content: base64('x'.repeat(1_048_577)), mode: '0644' }],
          compose: { containers: [BASE] },
        },
      },
      /^Failed to create environment secret: variables and files have 1048\d+ bytes together/,
    ],
    [
      'an image that cannot be pulled',
      { request: { compose: { containers: [{ ...BASE, image: '127.0.0.1:1/no/such:1' }] } } },
      /Failed to create pod: container 'main' waits, ErrImagePull: failed to pull/,
    ],
    [
      'an image with a wrong name',
      { request: { compose: { containers: [{ ...BASE, image: 'Not/Valid' }] } } },
      /Failed to create pod: container 'main' waits, InvalidImageName/,
    ],
    [
      'an image without bash',
      { request: { compose: { containers: [{ ...BASE, image: 'conformance-nobash:1' }] } } },
      /Failed to create pod: .*container 'main' ended, StartError, exit code 128/,
    ],
    [
      'a sidecar that dies',
      {
        request: {
          compose: {
            containers: [BASE, { name: 'side', image: BASE.image, entrypoint: 'bash', command: '-c "exit 5"' }],
          },
        },
      },
      /Failed to create pod: container 'side' ended, Error, exit code 5/,
    ],
    [
      'wrong credentials',
      {
        request: {
          compose: {
            containers: [BASE],
            image_pull_credentials: [{ env_vars: [{ name: 'DOCKER_CREDENTIAL_TYPE', value: base64('Quay') }] }],
          },
        },
      },
      /^Failed to create temporary image pull secret: .*unknown DOCKER_CREDENTIAL_TYPE: 'Quay'/,
    ],
    [
      'no kubeconfig',
      { env: { SEMAPHORE_KUBECONFIG: '/nowhere/config' } },
      /^No Kubernetes cluster: there is no kubeconfig: \/nowhere\/config/,
    ],
  ])('tells of %s at once', async (_, job, told) => {
    expect(await refusal(job)).toMatch(told);
  });

  it('tells what it waited for when its time is over', async () => {
    stage.cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'spec' },
      data: { pod: 'nodeSelector: {no: such}' },
    });
    expect(await refusal({ settings: { podSpec: 'spec', startLimitMs: 300 } })).toMatch(
      /Failed to create pod: the pod was not ready within 0\.3 s: pod in pending state - statuses: \[0\/1 nodes/,
    );
  });

  it('says who is refused what', async () => {
    writeFileSync(join(stage.home, '.kube', 'config'), stage.kubeconfig({ token: 'powerless' }));
    expect(await refusal({})).toMatch(
      /^Failed to create environment secret: secrets is forbidden: User "system:serviceaccount/,
    );
  });

  it('is waited for no more when the job is stopped', async () => {
    stage.cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'spec' },
      data: { pod: 'nodeSelector: {no: such}' },
    });
    const executor = executorOf({ settings: { podSpec: 'spec' } });
    const started = executor.start();
    await log.shows('0/1 nodes');
    expect(await executor.stop()).toBe('nothing-left');
    expect(await started).toMatchObject({ ok: false });
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });
});

it('is waited for no more when the job is stopped while its image is pulled', async () => {
  await stage.close();
  stage = await PodStage.open({
    images: new Map([['conformance-base:1', { pulled: new Promise<void>(() => undefined) }]]),
  });
  const executor = executorOf({});
  const started = executor.start();
  await log.shows('ContainerCreating');
  await executor.stop();
  expect(await started).toMatchObject({ ok: false });
  await executor.cleanUp();
  expect(stage.left()).toEqual([]);
});

describe('a pod on its way', () => {
  it('is followed through watches that are cut, too old, refused for a while, and over', async () => {
    let pulled: () => void = () => undefined;
    const image = new Promise<void>((resolve) => {
      pulled = resolve;
    });
    await stage.close();
    stage = await PodStage.open({ images: new Map([['conformance-base:1', { pulled: image }]]) });
    stage.cluster.faults.add({ path: /watch=true/, reset: true });
    stage.cluster.faults.add({ path: /watch=true/, status: 500, body: 'etcd has no leader' });
    const executor = executorOf({});
    const started = executor.start();
    await log.shows("container 'main' is not ready yet");
    stage.cluster.objects.compact();
    stage.cluster.cutConnections();
    pulled();
    expect(await started).toEqual({ ok: true });
    expect(log.events.join('').match(/is not ready yet/g)).toHaveLength(1);
    await executor.cleanUp();
  });

  it('is looked up among events when it says nothing itself', async () => {
    writeFileSync(join(stage.home, '.kube', 'config'), stage.kubeconfig({ token: 'admin' }));
    stage.cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'spec' },
      data: {
        pod: 'volumes: [{name: keys, secret: {secretName: not-there}}]',
        mainContainer: 'volumeMounts: [{name: keys, mountPath: /tmp/keys}]',
      },
    });
    const executor = executorOf({ settings: { podSpec: 'spec' } });
    const started = executor.start();
    await log.shows('FailedMount: MountVolume.SetUp failed for volume "keys" : secret "not-there" not found');
    await executor.stop();
    expect((await started).ok).toBe(false);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('is asked for again by a server that wants patience', async () => {
    stage.cluster.faults.add({
      method: 'POST',
      path: /\/pods$/,
      status: 429,
      headers: { 'retry-after': '0' },
      times: 2,
    });
    const executor = executorOf({});
    expect(await executor.start()).toEqual({ ok: true });
    await executor.cleanUp();
  });
});

describe('a running job', () => {
  it('has variables and files of request and agent, byte for byte', async () => {
    const executor = executorOf({
      request: {
        compose: { containers: [{ ...BASE, env_vars: [{ name: 'OWN', value: base64('container') }] }] },
        env_vars: [
          { name: 'Z', value: base64("it's\nZ") },
          { name: 'A', value: base64('job') },
        ],
        files: [{ path: 'deep/raw.bin', content: Buffer.from([0, 1, 0xff, 0x80]).toString('base64'), mode: '0640' }],
      },
      agentVariables: [{ name: 'A', value: 'agent' }],
    });
    expect(await executor.start()).toEqual({ ok: true });
    const variables = [
      { name: 'A', value: Buffer.from('agent') },
      { name: 'Z', value: Buffer.from("it's\nZ") },
    ];
    expect(await executor.exportVariables(variables)).toBe(0);
    expect(log.events.at(-2)).toBe('Exporting Z\nExporting A\n');
    expect(
      await executor.injectFiles([
        { path: 'deep/raw.bin', content: Buffer.from([0, 1, 0xff, 0x80]).toString('base64'), mode: '0640' },
      ]),
    ).toBe(0);
    expect(
      await executor.runCommand({ directive: 'echo "$OWN|$Z|$A"; stat -c %a ~/deep/raw.bin; base64 ~/deep/raw.bin' }),
    ).toBe(0);
    expect(log.events.at(-2)).toBe("container|it's\nZ|agent\n640\nAAH/gA==\n");
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('that loses its pod fails, says so, and is never taken for passed', async () => {
    const executor = executorOf({});
    await executor.start();
    const command = executor.runCommand({ directive: 'echo started; sleep 300' });
    await log.shows('started');
    const [pod = ''] = stage.left();
    stage.cluster.deletePod('default', pod);
    expect(await command).toBe(1);
    expect(log.events.at(-2)).toMatch(/^started\nlost connection to the pod: pods "[\w-]+" not found\n$/);
    expect(await executor.runCommand({ directive: 'echo epilogue' })).toBe(1);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('that loses its connection fails, and the next command has a new session', async () => {
    const executor = executorOf({});
    await executor.start();
    const command = executor.runCommand({ directive: 'echo started; sleep 300' });
    await log.shows('started');
    stage.cluster.cutConnections();
    expect(await command).toBe(1);
    expect(log.events.at(-2)).toBe('started\nlost connection to the pod\n');
    expect(await executor.runCommand({ directive: 'echo again' })).toBe(0);
    expect(log.events.at(-2)).toBe('again\n');
    await executor.cleanUp();
  });
});

describe('what is made for a job', () => {
  it('is laid over the pod spec of the ConfigMap and carries the labels', async () => {
    stage.cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'spec' },
      data: {
        pod: 'hostAliases: [{ip: 10.9.8.7, hostnames: [nine]}]\nimagePullSecrets: [{name: own}]\ncontainers: [{name: ignored, image: x}]\nrestartPolicy: Always\n',
        mainContainer: 'workingDir: /tmp\nname: ignored\nenv: [{name: FROM_SPEC, value: spec}]\n',
        sidecarContainers: 'command: [sleep, "300"]\n',
      },
    });
    const side = { name: 'db', image: BASE.image, env_vars: [{ name: 'X', value: base64('1') }] };
    const credential = [
      { name: 'DOCKER_CREDENTIAL_TYPE', value: base64('DockerHub') },
      { name: 'DOCKERHUB_USERNAME', value: base64('u') },
      { name: 'DOCKERHUB_PASSWORD', value: base64('p"w') },
    ];
    const compose = { containers: [BASE, side], image_pull_credentials: [{ env_vars: credential }] };
    const executor = executorOf({ request: { compose }, settings: { podSpec: 'spec', labels: { team: 'red' } } });
    expect(await executor.start()).toEqual({ ok: true });
    const [pod] = stage.cluster.objects.list('pods', 'default', () => true);
    expect(pod?.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'signalbox', team: 'red' });
    expect(pod?.spec).toMatchObject({
      restartPolicy: 'Never',
      hostAliases: [
        { ip: '10.9.8.7', hostnames: ['nine'] },
        { ip: '127.0.0.1', hostnames: ['db'] },
      ],
      imagePullSecrets: [{ name: 'own' }, { name: `${pod?.metadata.name}-image-pull-secret` }],
      containers: [
        {
          name: 'main',
          workingDir: '/tmp',
          command: ['bash', '-c', 'sleep infinity'],
          env: [{ name: 'FROM_SPEC', value: 'spec' }],
        },
        { name: 'db', command: ['sleep', '300'], env: [{ name: 'X', value: '1' }] },
      ],
    });
    const secret = stage.cluster.objects.get('secrets', 'default', `${pod?.metadata.name}-image-pull-secret`);
    const { data: contents } = secret as unknown as { data: Record<string, string> };
    const config = JSON.parse(Buffer.from(contents['.dockerconfigjson'] ?? '', 'base64').toString());
    expect(config.auths['docker.io']).toMatchObject({ username: 'u', password: 'p"w' });
    expect(log.events.find((text) => text.includes('Working directory'))).toMatch(/Working directory: \/tmp\n/);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('goes at the next start when its agent was killed; what others made stays', async () => {
    const claims = new EngineClaims(systemProcesses, 'other');
    const killed = executorOf({ claims });
    await killed.start();
    stage.cluster.objects.create('secrets', 'default', { metadata: { name: 'of-somebody' }, data: {} });
    claims.claim('x', 'y');
    // It is as if that agent's process were gone: nobody holds its claim any more.
    claims.release(
      stage.cluster.objects.list('pods', 'default', () => true)[0]?.metadata.annotations?.['io.signalbox.claim'] ?? '',
    );
    const executor = executorOf({});
    expect(await executor.start()).toEqual({ ok: true });
    await executor.cleanUp();
    expect(stage.left()).toEqual(['of-somebody']);
    expect(stage.warnings).toEqual([
      expect.stringMatching(/^Removed pods\//),
      expect.stringMatching(/^Removed secrets\//),
    ]);
  });

  it('is deleted though the server fails for a while, and what stays is told', async () => {
    const executor = executorOf({});
    await executor.start();
    stage.cluster.faults.add({ method: 'DELETE', path: /pods/, status: 500, body: 'no leader' });
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
    const other = executorOf({});
    await other.start();
    stage.cluster.faults.add({ method: 'DELETE', path: /pods/, status: 403, body: 'not you', times: 9 });
    expect(await other.cleanUp()).toBe('survived');
    expect(stage.warnings.at(-1)).toMatch(
      /^Something of the job is left in the cluster: pods\/semaphore-job-job-\d: not you$/,
    );
  });
});

describe('a kubeconfig', () => {
  it.each<[string, (s: PodStage) => Record<string, unknown>]>([
    [
      'a client certificate',
      ({ certificates: { client } }) => ({
        'client-certificate-data': base64(client.cert),
        'client-key-data': base64(client.key),
      }),
    ],
    [
      'a token file',
      ({ home }) => {
        writeFileSync(join(home, 'token'), 'agent');
        return { tokenFile: join(home, 'token') };
      },
    ],
    [
      'a plugin',
      ({ home }) => {
        const credential = {
          apiVersion: 'client.authentication.k8s.io/v1',
          kind: 'ExecCredential',
          status: { token: 'agent' },
        };
        writeFileSync(join(home, 'plugin'), `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, { mode: 0o755 });
        return {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: join(home, 'plugin'),
            interactiveMode: 'Never',
          },
        };
      },
    ],
  ])('may tell who we are by %s', async (_, user) => {
    const file = join(stage.home, 'other-config');
    writeFileSync(file, stage.kubeconfig(user(stage)));
    const executor = executorOf({ env: { KUBECONFIG: `/nowhere/first:${file}` } });
    expect(await executor.start()).toEqual({ ok: true });
    expect(await executor.runCommand({ directive: 'echo in' })).toBe(0);
    await executor.cleanUp();
  });

  it('that is broken is named with its file', async () => {
    const file = join(stage.home, 'broken');
    writeFileSync(file, 'clusters: [');
    expect(await refusal({ env: { SEMAPHORE_KUBECONFIG: file } })).toMatch(
      /^No Kubernetes cluster: the kubeconfig \S+broken cannot be read: /,
    );
  });

  it('names the file and the context whose plugin fails', async () => {
    writeFileSync(
      join(stage.home, '.kube', 'config'),
      stage.kubeconfig({
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/nowhere/plugin', interactiveMode: 'Never' },
      }),
    );
    expect(await refusal({})).toMatch(/\.kube\/config, context x\)/);
  });

  it('leads every call to the namespace that is told', async () => {
    await stage.close();
    const { recordedUsers } = await import('../../../practice/cluster/users.ts');
    stage = await PodStage.open({ users: recordedUsers('jobs') });
    const executor = executorOf({ env: { KUBERNETES_NAMESPACE: 'jobs' } });
    expect(await executor.start()).toEqual({ ok: true });
    expect(await executor.runCommand({ directive: 'true' })).toBe(0);
    expect(stage.left('jobs')).toHaveLength(2);
    await executor.cleanUp();
    expect(stage.left('jobs')).toEqual([]);
  });
});
