import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PodStage } from './fake-stage.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

let stage: PodStage;
beforeEach(async () => {
  stage = await PodStage.open();
});
afterEach(() => stage.close());

describe('a kubeconfig', () => {
  it.each<[string, (s: PodStage) => Record<string, unknown>]>([
    [
      'a client certificate',
      ({ certificates: { client } }) => ({
        'client-certificate-data': base64(client.cert),
        'client-key-data': base64(client.key),
      }),
    ],
    [
      'a token file',
      ({ home }) => {
        writeFileSync(join(home, 'token'), 'agent');
        return { tokenFile: join(home, 'token') };
      },
    ],
    [
      'a plugin',
      ({ home }) => {
        const credential = {
          apiVersion: 'client.authentication.k8s.io/v1',
          kind: 'ExecCredential',
          status: { token: 'agent' },
        };
        writeFileSync(join(home, 'plugin'), `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, { mode: 0o755 });
        return {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: join(home, 'plugin'),
            interactiveMode: 'Never',
          },
        };
      },
    ],
  ])('may tell who we are by %s', async (_, user) => {
    const file = join(stage.home, 'other-config');
    writeFileSync(file, stage.kubeconfig(user(stage)));
    const executor = stage.executor({ env: { KUBECONFIG: `/nowhere/first:${file}` } });
    expect(await executor.start()).toEqual({ ok: true });
    expect(await executor.runCommand({ directive: 'echo in' })).toBe(0);
    await executor.cleanUp();
  });

  it('that is broken is named with its file', async () => {
    const file = join(stage.home, 'broken');
    writeFileSync(file, 'clusters: [');
    expect(await stage.refusal({ env: { SEMAPHORE_KUBECONFIG: file } })).toMatch(
      /^No Kubernetes cluster: the kubeconfig \S+broken cannot be read: /,
    );
  });

  it('names the file and the context whose plugin fails', async () => {
    writeFileSync(
      join(stage.home, '.kube', 'config'),
      stage.kubeconfig({
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/nowhere/plugin', interactiveMode: 'Never' },
      }),
    );
    expect(await stage.refusal({})).toMatch(/\.kube\/config, context x\)/);
  });

  it('leads every call to the namespace that is told', async () => {
    await stage.close();
    const { recordedUsers } = await import('../../../practice/cluster/users.ts');
    stage = await PodStage.open({ users: recordedUsers('jobs') });
    const executor = stage.executor({ env: { KUBERNETES_NAMESPACE: 'jobs' } });
    expect(await executor.start()).toEqual({ ok: true });
    expect(await executor.runCommand({ directive: 'true' })).toBe(0);
    expect(stage.left('jobs')).toHaveLength(2);
    await executor.cleanUp();
    expect(stage.left('jobs')).toEqual([]);
  });
});
