import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { PodStage } from '../executor/kubernetes/fake-stage.ts';
import { systemClock } from '../platform/clock.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { checkKubernetes } from './check-kubernetes.ts';

let stage: PodStage;
beforeEach(async () => {
  stage = await PodStage.open();
});
afterEach(() => stage.close());

async function found(token: string, flags: Readonly<Record<string, string>> = {}) {
  writeFileSync(join(stage.home, '.kube', 'config'), stage.kubeconfig({ token }));
  const given = { endpoint: '127.0.0.1:1', token: 'x', 'kubernetes-executor': 'true', ...flags };
  const loaded = loadConfig({
    command: 'start',
    flags: Object.entries(given).map(([name, text]) => ({ name, text })),
    env: {},
    readFile: () => '',
  });
  if (!loaded.ok) throw new Error(loaded.problem);
  const { home } = stage;
  const common = { env: {}, home, tempFolder: home, clock: systemClock, processes: systemProcesses };
  const [finding] = await checkKubernetes({ config: loaded.config, ...common });
  return finding;
}

it('is content with a user who has the rights that a job needs', async () => {
  expect(await found('agent')).toMatchObject({
    state: 'fine',
    found: expect.stringMatching(/^namespace default, .*context x$/),
  });
});

it('names the rights that are missing', async () => {
  const { state, found: text } = (await found('reader', { 'kubernetes-pod-spec': 'spec' })) ?? {};
  expect(state).toBe('problem');
  expect(text).toMatch(
    /^the agent may not create pods, delete pods, create secrets, delete secrets, get configmaps \(/,
  );
});

it('tells of a token that is refused, and of a cluster that is not there', async () => {
  expect(await found('wrong')).toMatchObject({ state: 'problem', found: expect.stringMatching(/^Unauthorized \(/) });
  await stage.cluster.close();
  expect(await found('agent')).toMatchObject({ state: 'problem', found: expect.stringMatching(/ECONNREFUSED/) });
});
