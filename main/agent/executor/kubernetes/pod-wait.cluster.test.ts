import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../platform/fake-clock.ts';
import { PodStage } from './fake-stage.ts';

let stage: PodStage;
beforeEach(async () => {
  stage = await PodStage.open();
});
afterEach(() => stage.close());

it('is waited for no more when the job is stopped while its image is pulled', async () => {
  await stage.close();
  stage = await PodStage.open({
    images: new Map([['conformance-base:1', { pulled: new Promise<void>(() => undefined) }]]),
  });
  const executor = stage.executor({});
  const started = executor.start();
  await stage.log.shows('ContainerCreating');
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
    const executor = stage.executor({});
    const started = executor.start();
    await stage.log.shows("container 'main' is not ready yet");
    stage.cluster.objects.compact();
    stage.cluster.cutConnections();
    pulled();
    expect(await started).toEqual({ ok: true });
    expect(stage.log.events.join('').match(/is not ready yet/g)).toHaveLength(1);
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
    const clock = new FakeClock();
    const executor = stage.executor({ clock, settings: { podSpec: 'spec' } });
    const started = executor.start();
    await stage.log.shows('ContainerCreating');
    await expect.poll(() => stage.cluster.objects.list('events', 'default', () => true)).not.toEqual([]);
    // It has shown nothing new for so long.
    await clock.advance(5_000);
    await clock.advance(5_000);
    await stage.log.shows('FailedMount: MountVolume.SetUp failed for volume "keys" : secret "not-there" not found');
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
    const executor = stage.executor({});
    expect(await executor.start()).toEqual({ ok: true });
    await executor.cleanUp();
  });
});
