import { DockerStage } from '../docker/fake-stage.ts';
import { describeExecutor } from './executor.suite.ts';

describeExecutor('the docker executor', (surroundings) => {
  const stage = new DockerStage();
  const executor = stage.executor({
    ...surroundings,
    compose: { containers: [{ name: 'main', image: 'conformance-base:1' }] },
  });
  return Promise.resolve({ executor, home: '/root', close: () => stage.close() });
});
