import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StandInCluster } from '../../main/practice/cluster/api-server.ts';
import { openCluster } from '../../main/practice/cluster/open-cluster.ts';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';
import { processesWith } from '../desktop/processes.ts';

let work: string;
let hub: PracticeHub;
let cluster: StandInCluster;
beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
  const opened = await openCluster(work);
  cluster = opened.cluster;
  writeFileSync(join(work, 'kubeconfig'), opened.kubeconfig({ token: 'agent' }));
});
afterEach(async () => {
  await cluster.close();
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

const start = () =>
  startAgent(hub, work, { env: { KUBECONFIG: join(work, 'kubeconfig') }, flags: ['--kubernetes-executor'] });
const left = () =>
  ['pods', 'secrets'].flatMap((resource) => cluster.objects.list(resource, 'default', () => true)).length;

it('leaves nothing in the cluster when it is killed in the middle of a job and started again', async () => {
  const first = start();
  const containers = [{ name: 'main', image: 'conformance-base:1' }];
  const id = hub.addJob({ compose: { containers }, commands: [{ directive: 'echo started; sleep 300' }] });
  await hub.waitFor(() => hub.log(id).text.includes('started'));
  expect(left()).toBe(2);
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const second = start();
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  expect(hub.resultOf(id)).toBe('failed');
  await expect.poll(left).toBe(0);
  hub.requestShutdown('requested');
  expect(await second.ended).toBe(0);
});

describe('a stop', () => {
  const MARK = 'OF_THIS_TEST';
  const containers = [{ name: 'main', image: 'conformance-base:1' }];
  const add = (parts: Readonly<Record<string, unknown>>) =>
    hub.addJob({ compose: { containers }, env_vars: [{ name: MARK, value: btoa(work) }], ...parts });
  const commands = (...directives: readonly string[]) => directives.map((directive) => ({ directive }));
  const isStopping = () => hub.calls.some(({ kind, body }) => kind === 'sync' && body.includes('stopping-job'));
  /** Holds calls to the cluster back until it is called. */
  const hold = (method: string, path: RegExp): (() => void) => {
    let release: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => {
      release = resolve;
    });
    cluster.faults.add({ method, path, wait });
    return release;
  };
  const endsAs = async (id: string, result: string) => {
    await hub.waitFor(() => hub.resultOf(id) !== undefined);
    expect(hub.resultOf(id)).toBe(result);
    expect(left()).toBe(0);
    expect(processesWith(`${MARK}=${work}`)).toEqual([]);
  };

  let agent: ReturnType<typeof start>;
  beforeEach(() => {
    agent = start();
  });
  afterEach(async () => {
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
  });

  it('in an epilogue ends that one and all that it started, and the job is stopped', async () => {
    const id = add({
      commands: commands('echo in the job'),
      epilogue_always_commands: commands('sleep 300 & echo in the epilogue; sleep 300', 'echo never'),
      epilogue_on_pass_commands: commands('echo never'),
    });
    await hub.waitFor(() => hub.log(id).text.includes('in the epilogue'));
    hub.stopJob(id);
    await endsAs(id, 'stopped');
    expect(hub.log(id).text).not.toContain('never');
  });

  it('while the pod is created takes away what comes of it', async () => {
    const release = hold('POST', /\/pods$/);
    const id = add({ commands: commands('echo never') });
    await expect.poll(left).toBe(1);
    hub.stopJob(id);
    await hub.waitFor(isStopping);
    release();
    await endsAs(id, 'stopped');
    expect(hub.log(id).text).toContain('Failed to create pod: the job was stopped');
  });

  it('while it is cleaned up changes nothing any more', async () => {
    const release = hold('DELETE', /\/pods\//);
    const id = add({ commands: commands('echo done') });
    await hub.waitFor(() => hub.log(id).events.some(({ event }) => event === 'job_finished'));
    // The secret need not wait for the pod.
    await expect.poll(left).toBe(1);
    hub.stopJob(id);
    await hub.waitFor(isStopping);
    release();
    await endsAs(id, 'passed');
  });
});
