import { mkdtempSync, rmSync } from 'node:fs';
import { request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls, { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../practice/cluster/certificates.ts';
import { systemClock } from '../platform/clock.ts';
import { createJobServer } from './job-server.ts';
import { ServedJob } from './served-job.ts';
import { ServedLog } from './served-log.ts';

const SECRET = new TextEncoder().encode('a-secret-for-tests');
/** With what a client of before 2008 would come; OpenSSL lets nobody speak it otherwise. */
const LENIENT = { minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
const QUICK = { idleMs: 1_500, headersMs: 800, requestMs: 1_000, lookMs: 50 };

let folder: string;
let server: Server;
let port: number;
let authorization: string;
let clients: TLSSocket[];

/** Those of this process; the types do not know that they can be set. */
const standards = tls as unknown as { DEFAULT_MIN_VERSION: SecureVersion; DEFAULT_CIPHERS: string };
const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = standards;

beforeEach(async () => {
  // What Node itself would refuse is not refused by us.
  standards.DEFAULT_MIN_VERSION = LENIENT.minVersion;
  standards.DEFAULT_CIPHERS = LENIENT.ciphers;
  folder = mkdtempSync(join(tmpdir(), 'job-server-'));
  clients = [];
  authorization = `Bearer ${await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(SECRET)}`;
  const refuses = () => 'there is no executor in this test';
  const job = new ServedJob({
    chooseExecutor: refuses,
    openLog: async () => 'no log',
    start: () => ({ ended: Promise.resolve({ result: 'failed' }), stop: () => undefined }),
  });
  server = createJobServer({
    agent: { version: '1', job, jobLog: new ServedLog(), agentLogPath: undefined },
    tls: makeCertificates(folder, 'nobody').server,
    secret: SECRET,
    clock: systemClock,
    log: { debug: () => undefined, error: () => undefined },
    limits: QUICK,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  Object.assign(standards, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS });
  for (const client of clients) client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** A client that says this and no more. Resolves with all that it is answered when it is let go. */
async function slowClient(...said: readonly string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  clients.push(socket);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  for (const words of said) socket.write(words);
  const heard: Buffer[] = [];
  for await (const chunk of socket) heard.push(chunk as Buffer);
  return Buffer.concat(heard).toString();
}

function call(method: string, path: string): Promise<string> {
  const options = { host: '127.0.0.1', port, method, path, rejectUnauthorized: false, agent: false };
  return new Promise((resolve, reject) => {
    request({ ...options, headers: { authorization } }, (response) => {
      const { statusCode, headers } = response;
      response.resume().once('end', () => resolve([statusCode, headers.location].join(' ').trim()));
    })
      .once('error', reject)
      .end();
  });
}
const status = () => call('GET', '/status');

/** Recorded from the reference agent, at 7fc190a. */
describe('a path that is not written as it should be', () => {
  it.each([
    ['GET', '/status/', '301 /status'],
    ['GET', '/is_alive/?a=b/', '301 /is_alive?a=b/'],
    ['POST', '/jobs/', '301 /jobs'],
    ['GET', '//status', '301 /status'],
    ['GET', '//evil.example/..//x', '301 /x'],
    ['GET', '/./x/../status', '301 /status'],
    ['GET', '/jobs/x/log/', '301 /jobs/x/log'],
    ['GET', '/jobs//log', '301 /jobs/log'],
    ['POST', '/status/', '405'],
    ['GET', '/nothing/', '404'],
    ['GET', '/', '404'],
    ['OPTIONS', '*', '404'],
  ])('%s %s is answered with %s', async (method, path, answer) => {
    expect(await call(method, path)).toBe(answer);
  });
});

describe('a client that takes its time', () => {
  it.each<[string, () => readonly string[], RegExp]>([
    ['says nothing', () => [], /^HTTP\/1\.1 408 /],
    ['does not end its headers', () => ['GET /status HTTP/1.1\r\n', 'host: x\r\n'], /^HTTP\/1\.1 408 /],
    [
      'does not end its body',
      () => ['POST /jobs HTTP/1.1\r\nhost: x\r\n', `authorization: ${authorization}\r\ncontent-length: 9\r\n\r\n{`],
      /^HTTP\/1\.1 408 /,
    ],
  ])('and %s is let go, and nobody waits for it', async (_, said, answered) => {
    const slow = Array.from({ length: 50 }, () => slowClient(...said()));
    expect(await status()).toBe('200');
    for (const heard of await Promise.all(slow)) expect(heard).toMatch(answered);
    expect(await status()).toBe('200');
  });
});

/** Speaks no other TLS than this. Resolves with what was agreed on, or with the code of the refusal. */
function versionOf(maxVersion: SecureVersion): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...LENIENT, maxVersion });
  clients.push(socket);
  return new Promise((resolve) => {
    socket.once('secureConnect', () => resolve(socket.getProtocol() ?? ''));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
  expect(await versionOf('TLSv1.3')).toBe('TLSv1.3');
  expect(await versionOf('TLSv1.2')).toBe('TLSv1.2');
  expect(await versionOf('TLSv1.1')).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
});

describe('a client that is none of Semaphore', () => {
  const CLOSE = 'host: x\r\nconnection: close\r\n';
  const token = () => `authorization: ${authorization}\r\n`;
  const statuses = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code));

  it('and asks many things at once is answered in order', async () => {
    const asked = ['GET /is_alive', 'GET /status', 'GET /nowhere', 'POST /jobs'].map((line) => `${line} HTTP/1.1\r\n`);
    const heard = await slowClient(
      `${asked[0]}host: x\r\n\r\n${asked[1]}host: x\r\n\r\n${asked[1]}host: x\r\n${token()}\r\n`,
      `${asked[2]}host: x\r\n\r\n${asked[3]}${CLOSE}${token()}transfer-encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n`,
    );
    expect(statuses(heard)).toEqual([200, 401, 200, 404, 422]);
  });

  it.each<[string, () => string, readonly number[]]>([
    ['HEAD', () => `HEAD /is_alive HTTP/1.1\r\n${CLOSE}\r\n`, [405]],
    ['OPTIONS', () => `OPTIONS /jobs HTTP/1.1\r\n${CLOSE}origin: https://x\r\n\r\n`, [405]],
    ['OPTIONS for everything', () => `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`, [404]],
    ['DELETE', () => `DELETE /stop HTTP/1.1\r\n${CLOSE}${token()}\r\n`, [405]],
    ['a path that is an address', () => `GET https://other/status HTTP/1.1\r\n${CLOSE}${token()}\r\n`, [404]],
    [
      'another protocol',
      () => `GET /is_alive HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n`,
      [200],
    ],
    ['a tunnel', () => `CONNECT other:443 HTTP/1.1\r\nhost: other:443\r\n\r\n`, []],
    ['something that is no HTTP', () => '\u0016\u0003\u0001\r\n\r\n', [400]],
    ['no host', () => 'GET /is_alive HTTP/1.1\r\nconnection: close\r\n\r\n', [400]],
    ['headers of 20 kB', () => `GET /is_alive HTTP/1.1\r\n${CLOSE}x: ${'x'.repeat(20_000)}\r\n\r\n`, [431]],
    [
      'a body of two lengths',
      () => `POST /jobs HTTP/1.1\r\n${CLOSE}${token()}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    [
      'a body without a token',
      () => `POST /jobs HTTP/1.1\r\n${CLOSE}content-length: 100000\r\n\r\n${'x'.repeat(100_000)}`,
      [401],
    ],
  ])('and sends %s is answered, and the next one too', async (_, said, answered) => {
    expect(statuses(await slowClient(said()))).toEqual(answered);
    expect(await status()).toBe('200');
  });
});
