import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftovers } from '../conformance/leftovers.ts';
import { callServer, type ServingAgent, signToken, startServing } from '../serve-program.ts';

const CLI = [process.execPath, join(process.cwd(), 'dist', 'cli.cjs')];
const JUMP_POINT = '/tmp/ssh_jump_point';

let work: string;
let agent: ServingAgent;
let hadJumpPoint: boolean;

beforeEach(async () => {
  hadJumpPoint = existsSync(JUMP_POINT);
  work = mkdtempSync(join(tmpdir(), 'serve-journey-'));
  const env = { PATH: process.env.PATH ?? '', HOME: join(work, 'home'), TMPDIR: join(work, 'tmp'), LANG: 'C.UTF-8' };
  for (const folder of [env.HOME, env.TMPDIR]) mkdirSync(folder);
  agent = await startServing({ command: CLI, env, cwd: work });
});
afterEach(async () => {
  agent.signal('SIGTERM');
  await agent.ended;
  expect(leftovers(work)).toEqual([]);
  rmSync(work, { recursive: true, force: true });
  if (!hadJumpPoint) rmSync(JUMP_POINT, { force: true });
});

const authorization = `Bearer ${signToken()}`;
const call = (method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}) =>
  callServer(agent.port, {
    method,
    path,
    headers: { authorization, ...headers },
    ...(body === undefined ? {} : { body }),
  });
const job = (id: string, ...directives: string[]) =>
  JSON.stringify({ job_id: id, commands: directives.map((directive) => ({ directive })) });
async function shows(id: string, text: string): Promise<string> {
  for (;;) {
    const log = await call('GET', `/jobs/${id}/log`);
    if (log.text.includes(text)) return log.text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

describe('signalbox serve', () => {
  it('takes one of many jobs that come at once, and the same one any number of times', async () => {
    const different = Array.from({ length: 20 }, (_, n) => call('POST', '/jobs', job(`job-${n}`, 'sleep 60')));
    const statuses = (await Promise.all(different)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 422)).toHaveLength(19);
    const id = `job-${statuses.indexOf(200)}`;
    const same = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/jobs', job(id, 'sleep 60'))));
    expect(new Set(same.map(({ text }) => text))).toEqual(new Set(['{"message": "job is already running"}']));
  });

  it('stops before, during and after a job', async () => {
    expect(await call('POST', '/stop')).toEqual({ status: 200, text: '' });
    await call('POST', '/jobs', job('one', 'echo begun; sleep 60'));
    await shows('one', 'begun');
    expect((await call('POST', '/jobs/terminate')).status).toBe(200);
    await shows('one', '"result":"stopped"');
    expect((await call('POST', '/stop')).status).toBe(200);
    expect((await call('GET', '/status')).text).toContain('job-received');
  });

  it('survives bodies that are too large, no JSON, or of any content type, and clients that go away', async () => {
    const large = await call('POST', '/jobs', Buffer.alloc(70 * 1024 * 1024, 'x'));
    expect(large).toEqual({ status: 413, text: '{"message": "a job request may have 64 MiB at most"}' });
    for (const body of ['', 'null', '[]', '{"job_id": 5}', '{"commands": "no"}']) {
      expect((await call('POST', '/jobs', body)).status).toBe(422);
    }
    const unknown = await call('POST', '/jobs', '{"job_id": "x", "executor": "vm"}');
    expect(unknown).toEqual({
      status: 422,
      text: '{"message": "the job cannot be run: the executor \\"vm\\" is unknown"}',
    });
    for (const path of ['/jobs/%E0%A4%A/log', '/jobs//log', '//jobs', '/jobs/a/b/log', '/%']) {
      expect((await call('GET', path)).status).toBe(404);
    }
    const gone = connect({ port: agent.port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => gone.once('secureConnect', resolve));
    gone.write(`POST /jobs HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-length: 1000\r\n\r\n{`);
    gone.destroy();
    const accepted = await call('POST', '/jobs', job('late', 'echo hi'), { 'content-type': 'image/png' });
    expect(accepted.text).toBe('{"message": "ok"}');
    await shows('late', 'job_finished');
  });

  it('hands out a long log while it grows, from any event on, without growing itself', async () => {
    const bytes = 60_000_000;
    await call('POST', '/jobs', job('long', `head -c ${bytes} /dev/zero | tr '\\0' 'x' | fold -w 99`));
    const whole = await shows('long', 'job_finished');
    const events = whole.trimEnd().split('\n');
    const before = memoryOf(agent.pid);
    for (const from of [0, 1, 4_000, events.length - 1, events.length]) {
      const { text } = await call('GET', `/jobs/long/log?start_from=${from}`);
      expect(text).toBe(
        events
          .slice(from)
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
    expect(memoryOf(agent.pid) - before).toBeLessThan(120);
  });

  it('lets in by SSH those whose keys the job has, to a shell with its variables', async () => {
    const key = Buffer.from('ssh-ed25519 AAAAC3Nza someone@somewhere\n').toString('base64');
    const value = Buffer.from("it's here").toString('base64');
    const request = { ...JSON.parse(job('debug', 'echo ready; sleep 60')), ssh_public_keys: [key, key] };
    await call('POST', '/jobs', JSON.stringify({ ...request, env_vars: [{ name: 'WHERE', value }] }));
    await shows('debug', 'ready');
    const home = join(work, 'home');
    const keys = join(home, '.ssh', 'authorized_keys');
    expect(readFileSync(keys, 'utf8')).toBe('ssh-ed25519 AAAAC3Nza someone@somewhere\n'.repeat(2));
    expect(statSync(keys).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, '.ssh')).mode & 0o777).toBe(0o700);
    const env = { PATH: process.env.PATH ?? '', HOME: home };
    const shell = spawnSync('bash', [JUMP_POINT], { input: 'echo "$WHERE"\n', env, encoding: 'utf8' });
    expect(shell.stdout).toContain("it's here");
    expect(spawnSync('bash', [JUMP_POINT, 'echo', 'a  b'], { env, encoding: 'utf8' }).stdout).toBe('a  b\n');
  });

  it('gives out its own log, and ends in order: job stopped, nothing left', async () => {
    expect((await call('GET', '/agent_logs')).text).toContain('listening on https://');
    await call('POST', '/jobs', job('running', 'echo begun; sleep 600'));
    await shows('running', 'begun');
    agent.signal('SIGTERM');
    expect(await agent.ended).toBe(0);
  });
});

describe('signalbox serve, before it begins', () => {
  const refused = (...flags: string[]) =>
    spawnSync(CLI[0] ?? '', [...CLI.slice(1), 'serve', ...flags], {
      encoding: 'utf8',
      cwd: work,
      env: { PATH: process.env.PATH ?? '', HOME: join(work, 'home'), TMPDIR: join(work, 'tmp') },
    });

  it('refuses to start without a secret, without a certificate, and where it cannot listen', () => {
    expect(refused().stderr).toContain('auth-token-secret is missing');
    expect(refused('--auth-token-secret', 'x', '--tls-cert-path', '/nowhere').stderr).toContain(
      'tls-cert-path: /nowhere cannot be read (ENOENT)',
    );
    expect(refused('--auth-token-secret', 'x', '--tls-key-path', 'server.crt').stderr).toContain('holds no key in PEM');
    const taken = refused('--auth-token-secret', 'x', '--port', String(agent.port));
    expect([taken.status, taken.stderr]).toEqual([1, expect.stringContaining('cannot listen there (EADDRINUSE)')]);
  });
});
