import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../platform/fake-clock.ts';
import { systemProcesses } from '../../platform/system-processes.ts';
import { EngineClaims } from '../docker/engine-claims.ts';
import { PodStage } from './fake-stage.ts';

/** Between two pings of a session, in ms. */
const PING_MS = 20_000;
/** A watch that has told nothing for so long is dead. In ms. */
const WATCH_MS = 60_000;

let stage: PodStage;
let clock: FakeClock;
let pulled: () => void;
beforeEach(async () => {
  clock = new FakeClock();
  const image = new Promise<void>((resolve) => {
    pulled = resolve;
  });
  stage = await PodStage.open({ images: new Map([['conformance-base:1', { pulled: image }]]) });
});
afterEach(() => stage.close());

const callsTo = (path: RegExp) => stage.cluster.calls.filter((call) => path.test(call.path));

describe('a connection that dies without a word', () => {
  it('is noticed while a pod is waited for, and the wait goes on where it was', async () => {
    const executor = stage.executor({ clock });
    const started = executor.start();
    await stage.log.shows("container 'main' is not ready yet");
    await expect.poll(() => stage.cluster.objects.followers).toBe(1);
    stage.cluster.hushConnections();
    pulled();
    await expect
      .poll(() => stage.cluster.objects.list('pods', 'default', () => true)[0]?.status)
      .toMatchObject({
        phase: 'Running',
      });
    await clock.advance(WATCH_MS - 1);
    expect(stage.log.events.join('')).not.toContain('Pod is ready');
    await clock.advance(1);
    // The watch that follows a silent one is begun a second later.
    await expect.poll(() => clock.untilNext ?? 0).toBeLessThanOrEqual(1_000);
    await clock.advance(1_000);
    expect(await started).toEqual({ ok: true });
    expect(stage.log.events.join('').match(/is not ready yet/g)).toHaveLength(1);
    await executor.cleanUp();
  });

  it('is noticed while a command runs, as nothing answers a ping', async () => {
    pulled();
    const executor = stage.executor({ clock });
    expect(await executor.start()).toEqual({ ok: true });
    const command = executor.runCommand({ directive: 'echo started; sleep 300' });
    await stage.log.shows('started');
    stage.cluster.hushConnections();
    await clock.advance(PING_MS);
    await clock.advance(PING_MS);
    expect(await command).toBe(1);
    expect(stage.log.events.at(-2)).toBe('started\nlost connection to the pod\n');
    await executor.cleanUp();
  });

  it('is not taken for one where a session is only quiet', async () => {
    pulled();
    const executor = stage.executor({ clock });
    expect(await executor.start()).toEqual({ ok: true });
    for (let pings = 1; pings <= 5; pings += 1) {
      await clock.advance(PING_MS);
      // What is answered behind the ping tells that the ping was answered, too.
      expect(await executor.runCommand({ directive: `echo after ${pings}` })).toBe(0);
    }
    expect(callsTo(/\/exec\?.*tty=true/)).toHaveLength(1);
    await executor.cleanUp();
  });
});

describe('a call that is not answered', () => {
  it.each<[string, RegExp]>([
    ['a secret', /\/secrets$/],
    ['a pod', /\/pods$/],
  ])('is given up when the job is stopped, and %s that comes of it late is removed', async (_, path) => {
    pulled();
    let goOn: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    stage.cluster.faults.add({ method: 'POST', path, wait });
    const executor = stage.executor({ clock });
    const started = executor.start();
    await expect.poll(() => stage.cluster.waiting).toBe(1);
    expect(await executor.stop()).toBe('nothing-left');
    expect(await started).toMatchObject({ ok: false, reason: expect.stringMatching(/: the job was stopped$/) });
    const cleanedUp = executor.cleanUp();
    await expect.poll(() => stage.cluster.calls.filter(({ status }) => status === 404)).toHaveLength(1);
    goOn();
    await expect.poll(() => stage.cluster.waiting).toBe(0);
    await clock.advance(1_000);
    expect(await cleanedUp).toBe('nothing-left');
    expect(stage.left()).toEqual([]);
  });

  it('does not hold a stop up: the removal of what was left behind', async () => {
    pulled();
    const claims = new EngineClaims(systemProcesses, 'killed');
    await stage.executor({ clock, claims }).start();
    for (const { metadata } of stage.cluster.objects.list('pods', 'default', () => true))
      claims.release(metadata.annotations?.['io.signalbox.claim'] ?? '');
    stage.cluster.faults.add({ method: 'DELETE', path: /./, wait: new Promise<void>(() => undefined) });
    const executor = stage.executor({ clock });
    const started = executor.start();
    await expect.poll(() => stage.cluster.waiting).toBe(1);
    expect(await executor.stop()).toBe('nothing-left');
    expect((await started).ok).toBe(false);
    expect(stage.left()).toHaveLength(2);
    expect(stage.warnings).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ['the look at what was left behind', /\/pods\?labelSelector/],
    ['the look at the pod', /\/pods\/semaphore-job-[\w-]+$/],
    ['the watch', /watch=true/],
    ['the session', /\/exec\?/],
  ])('does not hold a stop up: %s', async (_, path) => {
    pulled();
    stage.cluster.faults.add({ path, wait: new Promise<void>(() => undefined) });
    const executor = stage.executor({ clock });
    const started = executor.start();
    await expect.poll(() => stage.cluster.waiting).toBe(1);
    expect(await executor.stop()).toBe('nothing-left');
    expect((await started).ok).toBe(false);
    await executor.cleanUp();
    expect(stage.left()).toEqual([]);
  });
});
