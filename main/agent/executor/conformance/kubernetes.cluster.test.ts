import { afterAll, beforeAll } from 'vitest';
import { PodStage } from '../kubernetes/fake-stage.ts';
import { describeExecutor } from './executor.suite.ts';

let stage: PodStage;
beforeAll(async () => {
  stage = await PodStage.open();
});
afterAll(() => stage.close());

describeExecutor('the Kubernetes executor', async (log) => ({
  executor: stage.executor({ log }),
  home: '/root',
  // As every terminal of a pod: nobody has told it one.
  size: '0 0',
  close: async () => undefined,
}));
