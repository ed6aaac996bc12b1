import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { trustedAuthorities } from './authorities.ts';
import type { Network } from './dispatchers.ts';
import { createHttp } from './undici-http.ts';

/* A real proxy that wants a name and a password, and servers with certificates of an authority of our own. */

let folder: string;
let secure: Server;
let plain: Server;
let proxy: Server;
/** What the proxy was asked for, and by whom. */
let asked: string[];
/** The proxy's connections to servers. */
const tunnels = new Set<Socket>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'network-test-'));
  makeCertificates();
  const answer = (incoming: IncomingMessage, response: ServerResponse) =>
    response.end(`${incoming.method} ${incoming.headers.host} ${incoming.url}`);
  plain = await listening(createServer(answer));
  const certificate = { key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.pem')) };
  secure = await listening(createTlsServer(certificate, answer));
  proxy = await listening(createServer(forward));
  proxy.on('connect', tunnel);
});
afterEach(() => {
  asked = [];
});
afterAll(async () => {
  for (const socket of tunnels) socket.destroy();
  for (const server of [plain, secure, proxy]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true });
});

/** An authority, and a certificate of its for `hub.test` and this machine. */
function makeCertificates(): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const authority = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Our own authority'];
  openssl('req', ...authority, '-keyout', 'authority.key', '-out', 'authority.pem');
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=hub.test',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
  );
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:hub.test,IP:127.0.0.1');
  const by = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', ...by, '-days', '2', '-out', 'server.pem');
}

async function listening<T extends Server>(server: T): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

function mayPass(incoming: IncomingMessage): boolean {
  asked.push(`${incoming.method} ${incoming.url}`);
  return incoming.headers['proxy-authorization'] === `Basic ${Buffer.from('me:pass word').toString('base64')}`;
}

/** `hub.test` is known to the proxy alone. */
function tunnel(incoming: IncomingMessage, socket: Socket): void {
  if (!mayPass(incoming)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  const there = connect(Number(incoming.url?.split(':')[1]), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    there.pipe(socket).pipe(there);
  });
  tunnels.add(there);
}

function forward(incoming: IncomingMessage, response: ServerResponse): void {
  if (!mayPass(incoming)) return void response.writeHead(407).end();
  const { port, pathname } = new URL(incoming.url ?? '');
  const { host } = incoming.headers;
  request({ port, host: '127.0.0.1', path: pathname, headers: { host } }, (answer) => answer.pipe(response)).end();
}

async function get(url: string, network: Network): Promise<string> {
  asked = [];
  const http = createHttp(systemClock, network);
  try {
    const { status, text } = await http.send({ method: 'GET', url, timeoutMs: 10_000 });
    return `${status} ${text}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await http.close();
  }
}
const readFile = (path: string) => readFileSync(path, 'utf8');
const authorities = () =>
  trustedAuthorities({ caFile: join(folder, 'authority.pem'), env: {}, runtimeReadsExtra: true, readFile });
const through = (user = 'me:pass%20word@') => {
  const address = `http://${user}127.0.0.1:${portOf(proxy)}`;
  return { HTTPS_PROXY: address, HTTP_PROXY: address };
};

describe('an authority of our own', () => {
  it('is not trusted unasked', async () => {
    expect(await get(`https://127.0.0.1:${portOf(secure)}/x`, { env: {} })).toBe(
      'the certificate is signed by an unknown authority',
    );
  });

  it('is trusted when it is named', async () => {
    const host = `127.0.0.1:${portOf(secure)}`;
    expect(await get(`https://${host}/x`, { env: {}, authorities: authorities() })).toBe(`200 GET ${host} /x`);
  });

  it('is trusted beside those of NODE_EXTRA_CA_CERTS and the well-known ones', () => {
    const pem = readFileSync(join(folder, 'server.pem'), 'utf8');
    const read = (path: string) => (path === 'extra' ? pem : readFileSync(path, 'utf8'));
    const env = { NODE_EXTRA_CA_CERTS: 'extra' };
    const sources = { caFile: join(folder, 'authority.pem'), env, runtimeReadsExtra: true, readFile: read };
    const both = trustedAuthorities(sources) ?? [];
    expect(both.at(-2)?.trim()).toBe(pem.trim());
    expect(both.at(-1)?.trim()).toBe(readFileSync(join(folder, 'authority.pem'), 'utf8').trim());
    expect(both.length).toBeGreaterThan(100);
    expect(trustedAuthorities({ ...sources, caFile: '' })).toBeUndefined();
    // A runtime that passes the variable over is no reason to do so.
    const alone = trustedAuthorities({ ...sources, caFile: '', runtimeReadsExtra: false });
    expect(alone?.at(-1)?.trim()).toBe(pem.trim());
  });
});

describe('a proxy with a password', () => {
  it('lets HTTPS through as a tunnel, and the certificate is still checked', async () => {
    const url = `https://hub.test:${portOf(secure)}/sync`;
    const network = { env: through(), authorities: authorities() };
    expect(await get(url, network)).toBe(`200 GET hub.test:${portOf(secure)} /sync`);
    expect(asked).toEqual([`CONNECT hub.test:${portOf(secure)}`]);
    expect(await get(url, { env: through() })).toBe('the certificate is signed by an unknown authority');
  });

  it('is handed plain HTTP as it is', async () => {
    const url = `http://hub.test:${portOf(plain)}/sync`;
    expect(await get(url, { env: through() })).toBe(`200 GET hub.test:${portOf(plain)} /sync`);
    expect(asked).toEqual([`GET ${url}`]);
  });

  it('that is told the wrong one is named as the reason', async () => {
    const told = await get(`https://hub.test:${portOf(secure)}/`, { env: through('me:wrong@') });
    expect(told).toBe('the proxy does not let us through');
    expect(await get(`http://hub.test:${portOf(plain)}/`, { env: through('') })).toMatch(
      /the proxy wants a name and a password/,
    );
  });

  it('is left out where NO_PROXY says so, and for this machine', async () => {
    const env = { ...through(), NO_PROXY: 'hub.test' };
    expect(await get(`http://hub.test:${portOf(plain)}/`, { env })).toMatch(/^host not found/);
    expect(await get(`http://127.0.0.1:${portOf(plain)}/`, { env: through() })).toMatch(/^200/);
    expect(asked).toEqual([]);
  });

  it('that is not there is named as the reason', async () => {
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };
    expect(await get('https://hub.test/', { env })).toBe('connection refused');
    expect(await get('http://hub.test/', { env: { HTTP_PROXY: 'http://' } })).toMatch(/^HTTP_PROXY is not the address/);
  });
});
