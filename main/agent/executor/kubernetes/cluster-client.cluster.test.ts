import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeClock } from '../../platform/fake-clock.ts';
import { ClusterClient } from './cluster-client.ts';
import { findCluster } from './cluster-config.ts';
import { PodStage } from './fake-stage.ts';

let stage: PodStage;
let clock: FakeClock;
beforeEach(async () => {
  stage = await PodStage.open();
  clock = new FakeClock();
});
afterEach(() => stage.close());

async function client(): Promise<ClusterClient> {
  const cluster = await findCluster({}, stage.home);
  if (typeof cluster === 'string') throw new Error(cluster);
  return new ClusterClient(cluster, clock);
}

it('takes an answer that stops half-way for none', async () => {
  stage.cluster.faults.add({ path: /\/pods$/, stall: true });
  const limits = vi.spyOn(clock, 'startTimer');
  const call = (await client()).call('GET', 'pods');
  const rejected = expect(call).rejects.toMatchObject({ code: 0, message: 'the answer stopped half-way' });
  // One for who we are, one for the answer's begin, one for the rest of it.
  await expect.poll(() => limits.mock.calls.length).toBe(3);
  await clock.advance(30_000);
  await rejected;
});

it('does not wait for ever for a plugin that tells who we are', async () => {
  const cluster = await findCluster({}, stage.home);
  if (typeof cluster === 'string') throw new Error(cluster);
  vi.spyOn(cluster.config, 'applyToHTTPSOptions').mockReturnValue(new Promise<void>(() => undefined));
  const call = new ClusterClient(cluster, clock).call('GET', 'pods');
  const rejected = expect(call).rejects.toMatchObject({
    code: 0,
    message: expect.stringMatching(/^the plugin that tells who we are does not end \(.*, context x\)$/),
  });
  await clock.advance(30_000);
  await rejected;
});
