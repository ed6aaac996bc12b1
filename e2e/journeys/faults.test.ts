import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { type AgentSettings, startAgent } from '../agent.ts';

/* What goes wrong around an agent: hub, log server, disk, and the network between. */

let work: string;
let hub: PracticeHub;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'faults-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
});
afterEach(async () => {
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

/** Runs one job on an agent of its own, to the end of both. */
async function runJob(request: Readonly<Record<string, unknown>>, settings: AgentSettings = {}) {
  const id = hub.addJob({ executor: 'shell', ...request });
  const agent = startAgent(hub, work, settings);
  await hub.waitFor(() => hub.resultOf(id) !== undefined);
  hub.requestShutdown('requested');
  const exitCode = await agent.ended;
  expect(exitCode, agent.output()).toBe(0);
  expect(hub.violations).toEqual([]);
  return { result: hub.resultOf(id), text: hub.log(id).text, events: hub.log(id).events, output: agent.output() };
}

const commands = (...directives: string[]) => directives.map((directive) => ({ directive }));
const variables = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value: Buffer.from(value).toString('base64') }));

describe('a hub and a log server full of faults', () => {
  it('cost time, and neither a result nor a byte of the log', async () => {
    const half = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"action":"con';
    hub.injectFault({ on: 'register', status: 503, headers: { 'retry-after': '1' } });
    hub.injectFault({ on: 'sync', skip: 1, status: 200, body: '' });
    hub.injectFault({ on: 'sync', skip: 1, raw: half });
    hub.injectFault({ on: 'job', reset: true });
    for (const fault of [{ reset: true }, { raw: half }, { status: 413 }, { status: 401 }, { status: 500 }])
      hub.injectFault({ on: 'push', skip: 1, ...fault });
    hub.injectFault({ on: 'disconnect', status: 502, body: '<html>' });
    const { result, text } = await runJob({ commands: commands('for n in 1 2 3; do seq 1 20000; sleep 1; done') });
    expect(result).toBe('passed');
    const once = Array.from({ length: 20_000 }, (_, n) => `${n + 1}\n`).join('');
    expect(text).toBe(`${once.repeat(3)}Exporting SEMAPHORE_JOB_RESULT\n`);
  });
});

describe('a disk that is full', () => {
  it('costs output only: the job goes on, its log says where it was cut, and the agent’s log says why', async () => {
    // The agent's files may grow to 2 MiB; the job's own as well, but it has none.
    const limited = { wrapper: ['bash', '-c', 'ulimit -f 2048; exec "$@"', 'limited'] };
    const { result, text, events, output } = await runJob(
      { commands: commands('echo begun; yes 0123456789 | head -c 6000000', 'echo behind') },
      limited,
    );
    expect(result).toBe('passed');
    expect(text).toMatch(/begun\n0123456789\n/);
    expect(text).toMatch(/\n\[Here \d+ bytes of output are missing: the agent's disk did not take them \(EFBIG\)\]\n/);
    const ended = events.flatMap((event) => (event.event === 'cmd_finished' ? [event.directive] : []));
    expect(ended).toContain('echo behind');
    expect(events.at(-1)?.event).toBe('job_finished');
    expect(output).toMatch(/The log of job job-1 cannot be written \(EFBIG\); the job goes on/);
  });
});

describe('secrets', () => {
  it('are in no log, and in no artifact that is made of it', async () => {
    const secret = 'hunter2/+correct horse';
    const bin = join(work, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'artifact'), '#!/bin/bash\ncp "$3" "$HOME/artifact"\n');
    chmodSync(join(bin, 'artifact'), 0o755);
    const { text, output } = await runJob(
      {
        env_vars: variables({
          MY_SECRET: secret,
          SEMAPHORE_ARTIFACT_TOKEN: 'artifact-token-1',
          SEMAPHORE_ORGANIZATION_URL: 'https://acme.example.com',
        }),
        commands: commands(
          'echo "$MY_SECRET"; for n in 1 5 9; do echo "$MY_SECRET" | head -c $n; sleep 0.3; echo "$MY_SECRET" | tail -c +$((n + 1)); done',
          'echo -n "$MY_SECRET" | base64; echo "x$MY_SECRET" | base64; echo "xx$MY_SECRET" | base64',
          'echo hunter2%2F%2Bcorrect%20horse hunter2%2f%2bcorrect+horse',
          'cat "$HOME"/.local/state/signalbox/sessions/*.json',
          'echo plain: hunter2 horse',
        ),
      },
      {
        flags: ['--mask-secrets', '--upload-job-logs', 'always'],
        env: { PATH: `${bin}:${process.env.PATH}`, SEMAPHORE_AGENT_LOG_LEVEL: 'trace' },
      },
    );
    const artifact = readFileSync(join(work, 'home', 'artifact'), 'utf8');
    const access = hub.calls.find(({ kind }) => kind === 'sync')?.authorization.replace('Token ', '') ?? '';
    for (const log of [text, artifact, output]) {
      for (const one of [secret, access, hub.registrationToken, 'artifact-token-1']) expect(log).not.toContain(one);
    }
    expect(text).toContain('[masked]\n[masked]\n[masked]\n[masked]\n');
    expect(text).toMatch(/\n\[masked\] \[masked\]\n/);
    expect(text).toContain('"accessToken":"[masked]"');
    expect(text).toContain('plain: hunter2 horse\n');
    expect(artifact).toContain('"accessToken":"[masked]"');
  });
});

describe('a proxy with a password, in front of a hub with an authority of its own', () => {
  let proxy: Server;
  let secure: TlsServer;
  const sockets = new Set<Socket>();
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    makeCertificates();
    const certificate = { key: readFileSync(join(work, 'hub.key')), cert: readFileSync(join(work, 'hub.pem')) };
    secure = createTlsServer(certificate, (socket) => {
      const there = connect(Number(hub.endpoint.split(':')[1]), '127.0.0.1');
      join2(socket, there);
    });
    proxy = createServer();
    proxy.on('connect', (incoming, socket: Socket) => {
      const isKnown = incoming.headers['proxy-authorization'] === `Basic ${Buffer.from('me:pw').toString('base64')}`;
      asked.push(`${isKnown ? 'known' : 'stranger'} ${incoming.url}`);
      if (!isKnown) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      join2(socket, connect((secure.address() as AddressInfo).port, '127.0.0.1'));
    });
    for (const server of [secure, proxy]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of [secure, proxy]) await new Promise((resolve) => server.close(resolve));
  });

  function join2(one: Socket, other: Socket): void {
    for (const socket of [one, other]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [one, other].forEach((each) => void each.destroy()));
    }
    one.pipe(other).pipe(one);
  }

  function makeCertificates(): void {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: work, stdio: 'ignore' });
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=Ours',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=hub.test', '-keyout', 'hub.key', '-out', 'hub.csr');
    writeFileSync(join(work, 'names'), 'subjectAltName=DNS:hub.test');
    openssl(
      'x509',
      '-req',
      '-in',
      'hub.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-extfile',
      'names',
      '-out',
      'hub.pem',
    );
  }

  it.each<[string, () => AgentSettings]>([
    ['ca-file', () => ({ flags: ['--ca-file', join(work, 'ca.pem')] })],
    ['NODE_EXTRA_CA_CERTS', () => ({ env: { NODE_EXTRA_CA_CERTS: join(work, 'ca.pem') } })],
  ])('is no obstacle with %s', async (_name, settings) => {
    const { flags = [], env = {} } = settings();
    const { result } = await runJob(
      { commands: commands('echo through') },
      {
        endpoint: 'hub.test',
        flags,
        env: { ...env, HTTPS_PROXY: `http://me:pw@127.0.0.1:${(proxy.address() as AddressInfo).port}` },
      },
    );
    expect(result).toBe('passed');
    expect(new Set(asked)).toEqual(new Set(['known hub.test:443']));
  });
});
