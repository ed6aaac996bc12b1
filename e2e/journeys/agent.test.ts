import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn as spawnOnTerminal } from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';

let work: string;
let hub: PracticeHub;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
});
afterEach(async () => {
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

const job = (...commands: string[]) => ({ executor: 'shell', commands: commands.map((directive) => ({ directive })) });
const shell = (script: string) => execFileSync('bash', ['-c', script], { encoding: 'utf8' });
const reported = (id: string) => hub.waitFor(() => hub.resultOf(id) !== undefined);

describe('an agent that is killed', () => {
  it('is taken up again: the hub hears of its job, and no second registration appears', async () => {
    const id = hub.addJob(job('setsid sleep 300 & echo begun; sleep 300'));
    const first = startAgent(hub, work);
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    process.kill(first.pid, 'SIGKILL');
    await first.ended;

    const second = startAgent(hub, work);
    await reported(id);
    expect(hub.resultOf(id)).toBe('failed');
    hub.requestShutdown('requested');
    expect(await second.ended).toBe(0);
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
    expect(hub.violations).toEqual([]);
    // What is left is the log, as far as it was written: it may hold what the hub has not.
    expect(shell(`find ${join(work, 'tmp')}/signalbox-* -type f`).trim()).toMatch(/^\S+\/events\.jsonl$/);
    expect(shell(`grep -l 'HOME=${work}' /proc/[0-9]*/environ 2>/dev/null || true`)).toBe('');
  });
});

describe('an agent that is interrupted', () => {
  it('stops its job at the second signal, reports it, and goes', async () => {
    const id = hub.addJob(job('echo begun; sleep 300'));
    const agent = startAgent(hub, work, { flags: ['--interruption-grace-period', '600'] });
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    process.kill(agent.pid, 'SIGTERM');
    await hub.waitFor(() => hub.calls.some(({ kind, body }) => kind === 'sync' && /"interrupted_at":[1-9]/.test(body)));
    process.kill(agent.pid, 'SIGTERM');
    expect(await agent.ended).toBe(0);
    expect(hub.resultOf(id)).toBe('stopped');
    expect(hub.calls.at(-1)?.kind).toBe('disconnect');
    expect(hub.violations).toEqual([]);
  });
});

describe('an agent whose terminal is closed', () => {
  it('stops its job, reports it and disconnects', async () => {
    const id = hub.addJob(job('echo begun; sleep 300'));
    const args = [join('dist', 'cli.cjs'), 'start', '--endpoint', hub.endpoint, '--no-https'];
    const env = { PATH: process.env.PATH, HOME: work, TMPDIR: work, SEMAPHORE_AGENT_TOKEN: hub.registrationToken };
    const terminal = spawnOnTerminal(process.execPath, args, { env });
    const ended = new Promise<number>((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    });
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    terminal.kill('SIGHUP');
    expect(await ended).toBe(0);
    expect(hub.resultOf(id)).toBe('stopped');
    expect(hub.calls.at(-1)?.kind).toBe('disconnect');
  });

  it('goes on where nohup started it', async () => {
    const agent = startAgent(hub, work, { wrapper: ['nohup'] });
    await hub.waitFor(() => hub.connectedAgents === 1);
    process.kill(agent.pid, 'SIGHUP');
    const id = hub.addJob(job('echo on'));
    await reported(id);
    expect(hub.resultOf(id)).toBe('passed');
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
  });
});

describe('what a job leaves', () => {
  it('is nothing: no process, no file, no variable of the agent', async () => {
    const id = hub.addJob({
      ...job('(setsid nohup sleep 300 >/dev/null 2>&1 &)', 'env | grep -c SEMAPHORE_AGENT_TOKEN'),
      env_vars: [{ name: 'MARKED', value: Buffer.from('marked-secret').toString('base64') }],
    });
    const agent = startAgent(hub, work);
    await reported(id);
    hub.requestShutdown('requested');
    await agent.ended;
    expect(hub.log(id).text).toContain('Exporting MARKED\n0\n');
    expect(readdirSync(join(work, 'tmp'))).toEqual(['agent_log']);
    const secrets = `marked-secret\\|${hub.registrationToken}`;
    expect(shell(`grep -rl '${secrets}' ${work} || true`)).toBe('');
    expect(shell(`grep -l 'HOME=${work}' /proc/[0-9]*/environ 2>/dev/null || true`)).toBe('');
  });
});

describe('two jobs', () => {
  it('run one after another, each with its whole log', async () => {
    const ids = [hub.addJob(job('seq 1 50000')), hub.addJob(job('head -c 300000 /dev/zero | tr "\\0" x; echo'))];
    const agent = startAgent(hub, work);
    for (const id of ids) await reported(id);
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
    const [numbers, line] = ids.map((id) => hub.log(id).text.split('\n'));
    expect(numbers?.slice(0, -2)).toEqual(Array.from({ length: 50_000 }, (_, index) => `${index + 1}`));
    expect(line?.[0]).toBe('x'.repeat(300_000));
    expect(hub.violations).toEqual([]);
  });
});

describe('an agent whose output nobody reads any more', () => {
  it.each([
    ['a reader that has seen enough', '"$@" | head -n 1'],
    ['a disk that is full', '"$@" >/dev/full'],
  ])('goes on with its jobs: %s', async (_what, script) => {
    const agent = startAgent(hub, work, { wrapper: ['bash', '-o', 'pipefail', '-c', script, 'bash'] });
    const ids = [hub.addJob(job('echo one')), hub.addJob(job('echo two'))];
    for (const id of ids) await reported(id);
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
    expect(ids.map((id) => hub.resultOf(id))).toEqual(['passed', 'passed']);
    expect(agent.output()).not.toContain('error');
  });
});

describe('a hub that refuses', () => {
  it('is told with its own text, and asked again', async () => {
    const agent = startAgent(hub, work, { env: { SEMAPHORE_AGENT_TOKEN: 'wrong-token' } });
    await hub.waitFor(() => hub.calls.length >= 2);
    process.kill(agent.pid, 'SIGINT');
    expect(await agent.ended).toBe(0);
    await expect
      .poll(agent.output)
      .toContain('Could not register: the hub refused /register with 401: “Unauthorized”. Trying again, 29 tries left');
    expect(agent.output()).not.toContain('wrong-token');
  });
});

describe('a job request that makes no sense', () => {
  it('is reported as failed, with the field in the agent’s log, and the agent goes on', async () => {
    hub.enqueue('wrong', '{"job_id":"wrong","env_vars":[{"name":"A","value":{"secret":"marked-secret"}}]}');
    const agent = startAgent(hub, work);
    await reported('wrong');
    const id = hub.addJob(job('echo fine'));
    await reported(id);
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
    expect(['wrong', id].map((one) => hub.resultOf(one))).toEqual(['failed', 'passed']);
    await expect.poll(agent.output).toContain('Job wrong cannot be run: env_vars[0].value: expected string');
    expect(agent.output()).not.toContain('marked-secret');
  });
});

describe('the example of a configuration file', () => {
  it('is one that the agent starts with', async () => {
    const agent = startAgent(hub, work, { flags: ['--config-file', 'resources/config.example.yaml'] });
    await hub.waitFor(() => hub.connectedAgents === 1);
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
  });
});
