import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { JUMP_POINT, SERVE_COMMAND, servedJob, serveJourney } from '../serve-journey.ts';

const serve = serveJourney();
const call = serve.call.bind(serve);
const shows = serve.shows.bind(serve);
const job = (id: string, ...directives: string[]) => JSON.stringify(servedJob(id, ...directives));

/** Asks for the log of the job `long`, and reads nothing of the answer until somebody does. */
function slowReader(): Promise<IncomingMessage> {
  const options = { host: '127.0.0.1', port: serve.agent.port, rejectUnauthorized: false, agent: false };
  const headers = { authorization: serve.authorization };
  return new Promise((resolve, reject) => {
    request({ ...options, path: '/jobs/long/log', headers }, resolve)
      .once('error', reject)
      .end();
  });
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

  it('answers 10,000 requests in a row, of whatever kind, and does not grow', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false });
    const kinds = [
      { path: '/status', headers: { authorization: serve.authorization }, status: 200 },
      { path: '/is_alive', headers: {}, status: 200 },
      { path: '/status', headers: { authorization: 'Bearer not.a.token' }, status: 401 },
      { path: '/nowhere', headers: {}, status: 404 },
    ] as const;
    const ask = ({ path, headers }: (typeof kinds)[number]) =>
      new Promise<number>((resolve, reject) => {
        request({ host: '127.0.0.1', port: serve.agent.port, path, headers, agent }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode ?? 0));
        })
          .once('error', reject)
          .end();
      });
    const askAll = async (times: number) => {
      for (let round = 0; round < times; round += 1)
        expect(await Promise.all(kinds.map(ask))).toEqual(kinds.map(({ status }) => status));
    };
    await askAll(500);
    const before = serve.memory;
    await askAll(2_000);
    expect(serve.memory - before).toBeLessThan(40);
    agent.destroy();
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
    for (const path of ['/jobs/%E0%A4%A/log', '/jobs/a/b/log', '/%']) {
      expect((await call('GET', path)).status).toBe(404);
    }
    const gone = connect({ port: serve.agent.port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => gone.once('secureConnect', resolve));
    gone.write(
      `POST /jobs HTTP/1.1\r\nhost: x\r\nauthorization: ${serve.authorization}\r\ncontent-length: 1000\r\n\r\n{`,
    );
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
    const before = serve.memory;
    // They ask for 1.2 GB together and take nothing of it yet.
    const slow = await Promise.all(Array.from({ length: 20 }, () => slowReader()));
    for (const from of [0, 1, 4_000, events.length - 1, events.length]) {
      const { text } = await call('GET', `/jobs/long/log?start_from=${from}`);
      expect(text).toBe(
        events
          .slice(from)
          .map((line) => `${line}\n`)
          .join(''),
      );
    }
    expect(serve.memory - before).toBeLessThan(120);
    for (const reader of slow.slice(1)) reader.destroy();
    let bytesRead = 0;
    for await (const chunk of slow[0] ?? []) bytesRead += (chunk as Buffer).length;
    expect(bytesRead).toBe(Buffer.byteLength(whole));
    expect(serve.memory - before).toBeLessThan(120);
  });

  it('lets in by SSH those whose keys the job has, to a shell with its variables', async () => {
    const key = Buffer.from('ssh-ed25519 AAAAC3Nza someone@somewhere\n').toString('base64');
    const value = Buffer.from("it's here").toString('base64');
    const request = { ...JSON.parse(job('debug', 'echo ready; sleep 60')), ssh_public_keys: [key, key] };
    await call('POST', '/jobs', JSON.stringify({ ...request, env_vars: [{ name: 'WHERE', value }] }));
    await shows('debug', 'ready');
    const home = join(serve.work, 'home');
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
    serve.agent.signal('SIGTERM');
    expect(await serve.agent.ended).toBe(0);
  });
});

describe('signalbox serve, before it begins', () => {
  const refused = (...flags: string[]) =>
    spawnSync(SERVE_COMMAND[0] ?? '', [...SERVE_COMMAND.slice(1), 'serve', ...flags], {
      encoding: 'utf8',
      cwd: serve.work,
      env: { PATH: process.env.PATH ?? '', HOME: join(serve.work, 'home'), TMPDIR: join(serve.work, 'tmp') },
    });

  it('refuses to start without a secret, without a certificate, and where it cannot listen', () => {
    expect(refused().stderr).toContain('auth-token-secret is missing');
    expect(refused('--auth-token-secret', 'x', '--tls-cert-path', '/nowhere').stderr).toContain(
      'tls-cert-path: /nowhere cannot be read (ENOENT)',
    );
    expect(refused('--auth-token-secret', 'x', '--tls-key-path', 'server.crt').stderr).toContain('holds no key in PEM');
    const taken = refused('--auth-token-secret', 'x', '--port', String(serve.agent.port));
    expect([taken.status, taken.stderr]).toEqual([1, expect.stringContaining('cannot listen there (EADDRINUSE)')]);
  });
});
