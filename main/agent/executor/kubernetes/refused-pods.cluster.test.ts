import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../platform/fake-clock.ts';
import { PodStage, type StagedJob } from './fake-stage.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const BASE = { name: 'main', image: 'conformance-base:1' };

let stage: PodStage;
beforeEach(async () => {
  stage = await PodStage.open();
});
afterEach(() => stage.close());

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
    expect(await stage.refusal(job)).toMatch(told);
  });

  it('tells what it waited for when its time is over', async () => {
    stage.cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'spec' },
      data: { pod: 'nodeSelector: {no: such}' },
    });
    const clock = new FakeClock();
    const refused = stage.refusal({ clock, settings: { podSpec: 'spec', startLimitMs: 90_000 } });
    await stage.log.shows('0/1 nodes');
    await clock.advance(90_000);
    expect(await refused).toMatch(
      /Failed to create pod: the pod was not ready within 90 s: pod in pending state - statuses: \[0\/1 nodes/,
    );
  });

  it('names what is wrong with its ConfigMap', async () => {
    stage.cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'spec' },
      data: { mainContainer: 'env: a: b' },
    });
    expect(await stage.refusal({ settings: { podSpec: 'spec' } })).toBe(
      "Failed to load pod spec: in configmap 'spec' the key 'mainContainer' is not YAML at line 1, column 6: Nested mappings are not allowed in compact mappings\n",
    );
  });

  it('says who is refused what', async () => {
    writeFileSync(join(stage.home, '.kube', 'config'), stage.kubeconfig({ token: 'powerless' }));
    expect(await stage.refusal({})).toMatch(
      /^Failed to create environment secret: secrets is forbidden: User "system:serviceaccount/,
    );
  });

  it('is waited for no more when the job is stopped', async () => {
    stage.cluster.objects.create('configmaps', 'default', {
      metadata: { name: 'spec' },
      data: { pod: 'nodeSelector: {no: such}' },
    });
    const executor = stage.executor({ settings: { podSpec: 'spec' } });
    const started = executor.start();
    await stage.log.shows('0/1 nodes');
    expect(await executor.stop()).toBe('nothing-left');
    expect(await started).toMatchObject({ ok: false });
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });
});
