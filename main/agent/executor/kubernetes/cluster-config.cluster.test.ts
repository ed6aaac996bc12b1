import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { ClusterClient } from './cluster-client.ts';
import { findCluster } from './cluster-config.ts';
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

  it('may be in several files: the first that names a thing wins, and what is relative is relative to its file', async () => {
    const { clusters, users } = JSON.parse(stage.kubeconfig({ tokenFile: 'token' }));
    const write = (name: string, content: Readonly<Record<string, unknown>>) => {
      mkdirSync(join(stage.home, name));
      writeFileSync(join(stage.home, name, 'config'), JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...content }));
      return join(stage.home, name, 'config');
    };
    const contexts = [
      { name: 'wrong', context: { cluster: 'nowhere', user: 'u' } },
      { name: 'right', context: { cluster: 'c', user: 'u' } },
    ];
    const first = write('first', { contexts, 'current-context': 'right' });
    const second = write('second', {
      clusters,
      users,
      contexts: [{ name: 'right', context: { cluster: 'x', user: 'x' } }],
    });
    const third = write('third', { users: [{ name: 'u', user: { token: 'wrong' } }], 'current-context': 'wrong' });
    writeFileSync(join(stage.home, 'second', 'token'), 'agent');
    const cluster = await findCluster({ KUBECONFIG: [first, second, third].join(':') }, stage.home);
    expect(cluster).toMatchObject({ from: `${first}, ${second}, ${third}, context right` });
    if (typeof cluster !== 'string') await new ClusterClient(cluster, systemClock).call('GET', 'pods');
    expect(stage.cluster.calls.at(-1)).toMatchObject({ status: 200 });
  });

  it.each([
    ['no context', {}, '(none)'],
    ['a context that is not there', { 'current-context': 'gone' }, 'gone'],
    [
      'a context of a cluster that is not there',
      { contexts: [{ name: 'x', context: { cluster: 'gone', user: 'u' } }], 'current-context': 'x' },
      'x',
    ],
  ])('with %s is told of', async (_, content, context) => {
    const file = join(stage.home, 'config');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...content }));
    expect(await findCluster({ SEMAPHORE_KUBECONFIG: file }, stage.home)).toBe(
      `the kubeconfig names no cluster: ${file}, context ${context}`,
    );
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
