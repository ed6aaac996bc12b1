import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { type StartedAgent, startAgent } from '../agent.ts';
import { startApp } from '../desktop/app.ts';
import { TestDesktop } from '../desktop/test-desktop.ts';

let work: string;
let hub: PracticeHub;
let desktop: TestDesktop | undefined;
let app: ElectronApplication | undefined;
let agents: StartedAgent[];

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 200 });
  agents = [];
});
afterEach(async () => {
  await killAgents();
  await app?.close();
  app = undefined;
  await desktop?.stop();
  desktop = undefined;
  await hub.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
});

async function killAgents(): Promise<void> {
  for (const { pid, ended } of agents.splice(0)) {
    process.kill(pid, 'SIGKILL');
    await ended;
  }
}

const job = (...commands: string[]) => ({ executor: 'shell', commands: commands.map((directive) => ({ directive })) });
const env = () => ({ PATH: process.env.PATH ?? '', HOME: join(work, 'home'), TMPDIR: join(work, 'tmp') });
const cli = join('dist', 'cli.cjs');

function signalbox(...args: string[]) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(process.execPath, [cli, ...args], { env: env() }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
const statusNow = async () => JSON.parse((await signalbox('status', '--json')).stdout || '{}') as AgentSnapshot;
const told = async (...args: string[]) => (await signalbox(...args)).stdout;

const HEADLESS = 'an agent without the app';
describe.each([HEADLESS, 'the app'])('%s', (kind) => {
  beforeEach(async () => {
    if (kind === HEADLESS) {
      agents.push(startAgent(hub, work, { flags: ['--name', 'desktop-agent'] }));
    } else {
      desktop = await TestDesktop.start({ trayHost: true });
      app = await startApp(desktop, hub, work);
    }
    await expect.poll(async () => (await statusNow()).status?.state).toBe('idle');
  });

  it('is told what to do from the command line', async () => {
    expect(await told('status')).toMatch(/^Ready for jobs\n {2}Connected as desktop-agent to .* · synced \d+ s ago\n$/);
    const id = hub.addJob(job(`until [ -f ${work}/go ]; do sleep 0.05; done`));
    await expect.poll(() => told('status')).toMatch(new RegExp(`^Running “${id}”\n`));
    expect(await told('pause', '--for', '30m')).toMatch(new RegExp(`^Pausing after “${id}”\n`));
    writeFileSync(join(work, 'go'), '');
    await expect.poll(() => told('status')).toMatch(/^Paused by you/);
    expect(hub.calls.at(-1)?.kind).toBe('disconnect');
    expect(await told('resume')).not.toMatch(/Paused/);
    await expect.poll(() => told('status')).toMatch(/^Ready for jobs/);

    const second = hub.addJob(job('sleep 300'));
    await expect.poll(() => told('status')).toMatch(/^Running/);
    expect(await told('disconnect', '--now')).toMatch(/^(Stopping|Disconnect)/);
    await expect.poll(() => told('status')).toMatch(/^Disconnected\n/);
    expect(hub.resultOf(second)).toBe('stopped');
    await signalbox('resume');
    await expect.poll(() => told('status')).toMatch(/^Ready for jobs/);
    expect(hub.violations).toEqual([]);
  });

  it('shows its log, and no secret', async () => {
    const lines = (await told('logs')).trim().split('\n');
    expect(lines.filter((line) => line.endsWith(' : Registered as desktop-agent'))).toHaveLength(1);
    const following = spawn(process.execPath, [cli, 'logs', '--follow'], { env: env() });
    const ended = new Promise((resolve) => following.once('exit', resolve));
    let shown = '';
    following.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await expect.poll(() => shown).toContain('Registered');
    const id = hub.addJob(job('true'));
    await expect.poll(() => shown).toContain(`Job ${id} passed\n`);
    await killAgents();
    await app?.close();
    app = undefined;
    expect(await ended).toBe(0);
    expect(shown).not.toContain(hub.registrationToken);
    const nobody = await signalbox('status');
    expect([nobody.code, nobody.stderr]).toEqual([
      1,
      'signalbox: No agent of yours runs on this machine; start one with signalbox start, or open the app\n',
    ]);
  });

  it('shows its log for as long as somebody reads it', async () => {
    const following = spawn(process.execPath, [cli, 'logs', '--follow'], { env: env() });
    const ended = new Promise((resolve) => following.once('exit', resolve));
    let shown = '';
    following.stderr.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    await new Promise((resolve) => following.stdout.once('data', resolve));
    following.stdout.destroy();
    hub.addJob(job('true'));
    expect(await ended).toBe(0);
    expect(shown).toBe('');
  });

  it('can be reached by its user alone', async () => {
    const folder = join(work, 'home', '.local', 'state', 'signalbox', 'control');
    const [name = '', ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });
});

describe('signalbox pause', () => {
  it.each(['soon', '0m', '8d', '', '1', '-5m'])('refuses the time %j', async (time) => {
    const { code, stderr } = await signalbox('pause', `--for=${time}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('is no time; say 30m, 2h or 1h30m')]);
  });

  it('wants to know which of two agents', async () => {
    const name = (n: number) => ['--name', `agent-of-test-${n}`];
    for (const n of [1, 2]) agents.push(startAgent(hub, work, { flags: name(n) }));
    await hub.waitFor(() => hub.connectedAgents === 2);
    await expect.poll(async () => (await told('status')).split('\n').length).toBe(5);
    expect((await signalbox('pause')).stderr).toMatch(
      /^signalbox: Several agents run here: agent-of-test-\d, .*--agent/,
    );
    expect((await signalbox('pause', '--agent', 'agent-of-test-2')).stdout).toMatch(/^Paus/);
    expect((await signalbox('pause', '--agent', 'agent-of-test-3')).stderr).toMatch(/No agent of yours that is called/);
  });
});
