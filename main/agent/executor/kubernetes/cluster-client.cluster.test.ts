import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { ClusterClient } from './cluster-client.ts';
import { findCluster } from './cluster-config.ts';
import { PodStage } from './fake-stage.ts';

let stage: PodStage;
beforeEach(async () => {
  stage = await PodStage.open();
});
afterEach(() => stage.close());

/** A client whose patience is a hundredth. */
async function client(): Promise<ClusterClient> {
  const startTimer = (ms: number, callback: () => void) => systemClock.startTimer(ms / 100, callback);
  const cluster = await findCluster({}, stage.home);
  if (typeof cluster === 'string') throw new Error(cluster);
  return new ClusterClient(cluster, { ...systemClock, startTimer });
}

it('takes an answer that stops half-way for none', async () => {
  stage.cluster.faults.add({ path: /\/pods$/, stall: true });
  await expect((await client()).call('GET', 'pods')).rejects.toMatchObject({
    code: 0,
    message: 'the answer stopped half-way',
  });
});
