import { afterAll, beforeAll } from 'vitest';
import { PodStage } from '../kubernetes/fake-stage.ts';
import { describeExecutor } from './executor.suite.ts';

let stage: PodStage;
beforeAll(async () => {
  stage = await PodStage.open();
});
afterAll(() => stage.close());

describeExecutor('the Kubernetes executor', async (surroundings) => ({
  executor: stage.executor(surroundings),
  home: '/root',
  // The stand-in's own: nobody has told it another.
  size: '24 80',
  close: async () => undefined,
}));
