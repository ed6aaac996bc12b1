import { mkdtempSync, rmSync } from 'node:fs';
import { request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../practice/cluster/certificates.ts';
import { systemClock } from '../platform/clock.ts';
import { createJobServer } from './job-server.ts';
import { ServedJob } from './served-job.ts';
import { ServedLog } from './served-log.ts';

const SECRET = new TextEncoder().encode('a-secret-for-tests');
const QUICK = { idleMs: 1_500, headersMs: 800, requestMs: 1_000, lookMs: 50 };

let folder: string;
let server: Server;
let port: number;
let authorization: string;
let clients: TLSSocket[];

beforeEach(async () => {
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
