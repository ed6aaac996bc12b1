import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemProcesses } from '../../platform/system-processes.ts';
import { EngineClaims } from '../docker/engine-claims.ts';
import { PodStage } from './fake-stage.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const BASE = { name: 'main', image: 'conformance-base:1' };

let stage: PodStage;
beforeEach(async () => {
  stage = await PodStage.open();
});
afterEach(() => stage.close());

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
    const executor = stage.executor({ request: { compose }, settings: { podSpec: 'spec', labels: { team: 'red' } } });
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
    expect(stage.log.events.find((text) => text.includes('Working directory'))).toMatch(/Working directory: \/tmp\n/);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('goes at the next start when its agent was killed; what others made stays', async () => {
    const claims = new EngineClaims(systemProcesses, 'other');
    const killed = stage.executor({ claims });
    await killed.start();
    stage.cluster.objects.create('secrets', 'default', { metadata: { name: 'of-somebody' }, data: {} });
    claims.claim('x', 'y');
    // It is as if that agent's process were gone: nobody holds its claim any more.
    claims.release(
      stage.cluster.objects.list('pods', 'default', () => true)[0]?.metadata.annotations?.['io.signalbox.claim'] ?? '',
    );
    const executor = stage.executor({});
    expect(await executor.start()).toEqual({ ok: true });
    await executor.cleanUp();
    expect(stage.left()).toEqual(['of-somebody']);
    expect(stage.warnings).toEqual([
      expect.stringMatching(/^Removed pods\//),
      expect.stringMatching(/^Removed secrets\//),
    ]);
  });

  it('is deleted though the server fails for a while, and what stays is told', async () => {
    const executor = stage.executor({});
    await executor.start();
    stage.cluster.faults.add({ method: 'DELETE', path: /pods/, status: 500, body: 'no leader' });
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
    const other = stage.executor({});
    await other.start();
    stage.cluster.faults.add({ method: 'DELETE', path: /pods/, status: 403, body: 'not you', times: 9 });
    expect(await other.cleanUp()).toBe('survived');
    expect(stage.warnings.at(-1)).toMatch(
      /^Something of the job is left in the cluster: pods\/semaphore-job-job-\d: not you$/,
    );
  });
});
