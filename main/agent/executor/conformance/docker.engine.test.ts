import { DockerStage } from '../docker/fake-stage.ts';
import { describeExecutor } from './executor.suite.ts';

describeExecutor('the docker executor', (log) => {
  const stage = new DockerStage();
  const executor = stage.executor({ log, compose: { containers: [{ name: 'main', image: 'conformance-base:1' }] } });
  return Promise.resolve({ executor, home: '/root', close: () => stage.close() });
});
