import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
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

  it('may say that the server is trusted whoever it is, and that it is not', async () => {
    const write = (over: Readonly<Record<string, unknown>>) =>
      writeFileSync(join(stage.home, '.kube', 'config'), stage.kubeconfig({ token: 'agent' }, over));
    const unknown = { 'certificate-authority-data': undefined };
    write(unknown);
    expect(await stage.refusal({})).toMatch(/certificate/);
    write({ ...unknown, 'insecure-skip-tls-verify': true });
    const executor = stage.executor({});
    expect(await executor.start()).toEqual({ ok: true });
    expect(await executor.runCommand({ directive: 'echo in' })).toBe(0);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });

  it('may lead through a proxy, calls and sessions alike', async () => {
    const asked: string[] = [];
    const sockets = new Set<Socket>();
    const proxy = createServer().on('connect', ({ url = '' }, client: Socket) => {
      asked.push(url);
      const onward = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(onward).pipe(client);
      });
      for (const socket of [client, onward]) sockets.add(socket.on('error', () => undefined));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const config = stage.kubeconfig({ token: 'agent' }, { 'proxy-url': through });
    writeFileSync(join(stage.home, '.kube', 'config'), config);
    const executor = stage.executor({});
    expect(await executor.start()).toEqual({ ok: true });
    expect(await executor.runCommand({ directive: 'echo in' })).toBe(0);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(stage.cluster.calls.length);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
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
