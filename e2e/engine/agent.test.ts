import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { type StartedAgent, startAgent } from '../agent.ts';
import { startTestEngine, type TestEngine } from './test-engine.ts';

let engine: TestEngine;
let work: string;
let hub: PracticeHub;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
});
afterEach(async () => {
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

const SERVICE = { name: 'web', image: 'conformance-base:1', command: 'busybox httpd -f -p 8080 -h /www' };
const MAIN = { name: 'main', image: 'conformance-base:1' };

function job(commands: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
  return {
    executor: 'dockercompose',
    compose: { containers: [MAIN, SERVICE], ...more },
    commands: commands.map((directive) => ({ directive })),
  };
}
const start = (flags: readonly string[] = []): StartedAgent =>
  startAgent(hub, work, { env: { DOCKER_HOST: engine.host }, flags });
const reported = (id: string) => hub.waitFor(() => hub.resultOf(id) !== undefined);
const shows = (id: string, text: string) => hub.waitFor(() => hub.log(id).text.includes(text));

async function letGo(agent: StartedAgent): Promise<void> {
  hub.requestShutdown('requested');
  expect(await agent.ended).toBe(0);
}

describe('an agent with jobs in containers', () => {
  it('leaves the engine as it was after two of them, one that declares a volume among them', async () => {
    const container = (await engine.docker('create', '-v', '/kept', 'conformance-base:1', 'true')).trim();
    await engine.docker('commit', '-c', 'VOLUME /kept', container, 'with-volume:1');
    await engine.docker('rm', '-v', container);
    const before = await engine.holds();
    const ids = [
      hub.addJob(
        job(['echo "first $((1 + 1))"; touch /kept/x'], { containers: [{ ...MAIN, image: 'with-volume:1' }, SERVICE] }),
      ),
      hub.addJob(job(['echo "second $((1 + 1))"', '(exit 5)'])),
    ];
    const agent = start();
    for (const id of ids) await reported(id);
    await letGo(agent);
    expect(ids.map((id) => hub.resultOf(id))).toEqual(['passed', 'failed']);
    expect(hub.log(ids[0] ?? '').text).toContain('first 2\n');
    expect(hub.log(ids[1] ?? '').text).toContain('second 2\n');
    expect(await engine.holds()).toEqual(before);
    expect(readdirSync(join(work, 'tmp'))).toEqual(['agent_log']);
    expect(hub.violations).toEqual([]);
  });

  it('that is killed is tidied up behind by the next start, and nobody else is', async () => {
    const foreign = (
      await engine.docker('create', '--label', 'io.signalbox.owner=elsewhere 1 1', MAIN.image, 'true')
    ).trim();
    const before = await engine.holds();
    const id = hub.addJob(job(['echo begun; sleep 300'], { host_setup_commands: [{ directive: 'sleep 300 &' }] }));
    const first = start();
    await shows(id, 'begun\n');
    const labels = await engine.docker(
      'ps',
      '--format',
      '{{.Label "io.signalbox.job"}} {{.Label "io.signalbox.agent"}}',
    );
    expect(labels.trim().split('\n')).toEqual([
      expect.stringMatching(`^${id} \\S+$`),
      expect.stringMatching(`^${id} \\S+$`),
    ]);
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    expect(await engine.holds()).not.toEqual(before);

    const second = start();
    await reported(id);
    expect(hub.resultOf(id)).toBe('failed');
    await expect.poll(() => engine.holds()).toEqual(before);
    await letGo(second);
    expect(await engine.docker('ps', '-aq', '--no-trunc')).toBe(`${foreign}\n`);
    await engine.docker('rm', foreign);
    // The log as far as it was written: it may hold what the hub has not.
    const left = readdirSync(join(work, 'tmp')).filter((name) => name !== 'agent_log');
    expect(left.flatMap((name) => readdirSync(join(work, 'tmp', name)))).toEqual(['events.jsonl']);
  });

  it('fails a job whose engine is lost, goes on, and tidies up when the engine is back', async () => {
    const before = await engine.holds();
    const id = hub.addJob({
      ...job(['echo begun; sleep 300', 'echo never']),
      epilogue_always_commands: [{ directive: 'echo never' }],
    });
    const agent = start();
    await shows(id, 'begun\n');
    await engine.kill();
    await reported(id);
    expect(hub.resultOf(id)).toBe('failed');
    expect(hub.log(id).text).toContain('lost connection to the container engine');
    expect(hub.log(id).text).not.toContain('never\n');

    await engine.restart();
    const next = hub.addJob(job(['echo "back $((1 + 1))"']));
    await reported(next);
    expect(hub.resultOf(next)).toBe('passed');
    expect(hub.log(next).text).toContain('back 2\n');
    await letGo(agent);
    expect(await engine.holds()).toEqual(before);
    expect(hub.violations).toEqual([]);
  });

  it('fails a job for want of an engine, with one line of what was tried', async () => {
    const id = hub.addJob(job(['echo never']));
    const agent = startAgent(hub, work, { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    await reported(id);
    await letGo(agent);
    expect(hub.resultOf(id)).toBe('failed');
    const told = 'no container engine was found; start one, or set DOCKER_HOST. Tried DOCKER_HOST (no such socket)';
    expect(hub.log(id).text).toBe(`${told}\n`);
    expect(agent.output()).toContain(told);
  });

  it('is stopped while it pulls, starts, or runs: the job is stopped and nothing is left', async () => {
    const before = await engine.holds();
    const agent = start();
    for (const moment of ['Starting a new bash session', 'begun\n']) {
      const id = hub.addJob(job(['echo begun; sleep 300']));
      await shows(id, moment);
      hub.stopJob(id);
      await reported(id);
      expect(hub.resultOf(id)).toBe('stopped');
      await expect.poll(() => engine.holds()).toEqual(before);
    }
    await letGo(agent);
    expect(hub.violations).toEqual([]);
  });
});
