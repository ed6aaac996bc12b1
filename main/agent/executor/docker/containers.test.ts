import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Dockerode from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { FakeClock } from '../../platform/fake-clock.ts';
import { type ContainerPlan, JobContainers } from './containers.ts';
import { EngineCalls } from './engine-calls.ts';

type Sent = Readonly<Record<string, unknown>> & { readonly HostConfig: Readonly<Record<string, unknown>> };

/** Takes everything as long as it answers, and keeps what containers are to be made with, by their names. */
let engine: Server;
let sent: Map<string, Sent>;
let isSilent: boolean;

beforeEach(async () => {
  sent = new Map();
  isSilent = false;
  engine = createServer((request, response) => {
    void text(request).then((body) => {
      if (isSilent) return;
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
      if (pathname === '/containers/create') sent.set(searchParams.get('name') ?? '', JSON.parse(body) as Sent);
      if (pathname.endsWith('/start')) response.writeHead(204).end();
      else response.writeHead(201, { 'content-type': 'application/json' }).end('{"Id": "made"}');
    });
  });
  await new Promise<void>((resolve) => {
    engine.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(async () => {
  await new Promise((resolve) => {
    engine.close(resolve);
    engine.closeAllConnections();
  });
});

const SPARE = { command: undefined, entrypoint: undefined, user: '', env: [] };
const CONTAINERS = [
  { ...SPARE, name: 'main', image: 'a:1' },
  { ...SPARE, name: 'db', image: 'b:1', command: ['serve'] },
];

function containersOf(
  plan: Partial<ContainerPlan> = {},
  clock: Clock = systemClock,
  hurry?: AbortSignal,
): JobContainers {
  const { port } = engine.address() as AddressInfo;
  const docker = new Dockerode({ host: '127.0.0.1', port });
  return new JobContainers({
    docker,
    calls: new EngineCalls({ docker, clock, hurry }),
    prefix: 'job',
    labels: { 'io.signalbox.job': 'job-1' },
    files: [],
    engineSocket: undefined,
    kvm: false,
    ...plan,
  });
}

/** Makes the containers and tells what the engine was sent for the main one and for the other. */
async function create(plan: Partial<ContainerPlan> = {}): Promise<readonly (Sent | undefined)[]> {
  const containers = containersOf(plan);
  expect(await containers.create(CONTAINERS, new AbortController().signal)).toBeUndefined();
  return [sent.get('job-0'), sent.get('job-1')];
}

describe('what the engine is asked for', () => {
  it('is /dev/kvm for the main container only, and only where it is allowed', async () => {
    const [main, other] = await create({ kvm: true });
    const device = { PathOnHost: '/dev/kvm', PathInContainer: '/dev/kvm', CgroupPermissions: 'rwm' };
    expect(main?.HostConfig.Devices).toEqual([device]);
    expect(other?.HostConfig.Devices).toBeUndefined();
    const [without] = await create();
    expect(without?.HostConfig.Devices).toBeUndefined();
  });

  it("is files and the engine's socket for the main container only", async () => {
    const files = [{ source: '/home/me/a b', target: '/x' }];
    const [main, other] = await create({ files, engineSocket: '/run/engine.sock' });
    expect(main?.HostConfig.Mounts).toEqual([
      { Type: 'bind', Source: '/home/me/a b', Target: '/x' },
      { Type: 'bind', Source: '/run/engine.sock', Target: '/var/run/docker.sock' },
    ]);
    expect(other?.HostConfig.Mounts).toBeUndefined();
    const [without] = await create();
    expect(without?.HostConfig.Mounts).toEqual([]);
  });

  it('is labelled and in the network of the job, under its name; nothing is privileged', async () => {
    for (const [index, container] of (await create()).entries()) {
      expect(container).toMatchObject({
        Labels: { 'io.signalbox.job': 'job-1' },
        HostConfig: { NetworkMode: 'job' },
        NetworkingConfig: { EndpointsConfig: { job: { Aliases: [CONTAINERS[index]?.name] } } },
      });
      expect(container?.HostConfig.Privileged).toBeUndefined();
    }
  });
});

describe('an engine that does not answer any more', () => {
  const NO_ANSWER = 'lost connection to the container engine (no answer)';
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  it('is given up before everything that is left was waited for', async () => {
    const containers = containersOf({}, clock);
    await containers.create(CONTAINERS, new AbortController().signal);
    isSilent = true;
    const removed = containers.remove();
    await clock.advance(6_000);
    expect(await removed).toBe(NO_ANSWER);
    expect(await containers.endOfMain()).toBe(NO_ANSWER);
    expect(clock.pending).toBe(0);
  });

  it('is given up sooner when there is a hurry', async () => {
    const hurry = new AbortController();
    const containers = containersOf({}, clock, hurry.signal);
    isSilent = true;
    const created = containers.create(CONTAINERS, new AbortController().signal);
    const asked = containers.calls.awaitSign();
    hurry.abort();
    await clock.advance(2_000);
    await asked;
    expect(await created).toBe(NO_ANSWER);
    expect(clock.pending).toBe(0);
  });

  it('is asked twice, as behind a sleep of the machine time is over before an answer can be read', async () => {
    const containers = containersOf({}, clock);
    isSilent = true;
    const asked = containers.calls.awaitSign();
    await clock.advance(2_999);
    isSilent = false;
    await clock.advance(1);
    await asked;
    expect(await containers.create(CONTAINERS, new AbortController().signal)).toBeUndefined();
  });
});
