import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../practice/cluster/certificates.ts';
import { loadConfig } from '../config/config.ts';
import { systemClock } from '../platform/clock.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { checkHub } from './check-hub.ts';

const METRICS = JSON.stringify({ jobs: { queued: 2, running: 0 }, agents: { idle: 1, occupied: 0 } });
const PASSWORD = 'marked-proxy-password';

/* A hub with a certificate of an authority that this machine does not know, and a proxy that leads there. */

let folder: string;
let hub: Server;
let proxy: Server;
/** Addresses that the proxy was asked for. */
const asked: string[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-hub-'));
  const { server, ca } = makeCertificates(folder, 'nobody');
  writeFileSync(join(folder, 'authority.pem'), ca);
  hub = await listening(createTlsServer(server, (_, response) => response.end(METRICS)));
  proxy = await listening(createServer());
  proxy.on('connect', ({ url = '' }, client: Socket) => {
    asked.push(url);
    // Wherever the hub is said to be, it is here.
    const onward = connect(portOf(hub), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of [hub, proxy]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true });
});

async function listening<T extends Server>(server: T): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

interface Circumstances {
  readonly host?: string;
  readonly knowsAuthority?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

async function found({ host = '127.0.0.1', knowsAuthority = false, env = {} }: Circumstances) {
  const given = {
    endpoint: `${host}:${portOf(hub)}`,
    token: 'x',
    ...(knowsAuthority ? { 'ca-file': join(folder, 'authority.pem') } : {}),
  };
  const flags = Object.entries(given).map(([name, text]) => ({ name, text }));
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const loaded = loadConfig({ command: 'start', flags, env: {}, readFile });
  if (!loaded.ok) throw new Error(loaded.problem);
  const common = { home: folder, tempFolder: folder, clock: systemClock, processes: systemProcesses };
  return checkHub({ config: loaded.config, env, ...common });
}

describe('a hub whose authority this machine does not know', () => {
  it('is told of with what to do about it', async () => {
    const [hubFinding] = await found({});
    expect(hubFinding?.state).toBe('problem');
    expect(hubFinding?.found).toMatch(/cannot be reached: .*(certificate|authority)/);
    expect(hubFinding?.advice).toBe("give the authority's certificate by ca-file, or NODE_EXTRA_CA_CERTS");
  });

  it('is trusted with the file of ca-file', async () => {
    const findings = await found({ knowsAuthority: true });
    expect(findings.every(({ state }) => state === 'fine')).toBe(true);
    expect(findings[0]?.found).toContain('takes the token; 2 jobs wait');
  });

  it('is trusted with that of NODE_EXTRA_CA_CERTS, which is named', async () => {
    const path = join(folder, 'authority.pem');
    const findings = await found({ env: { NODE_EXTRA_CA_CERTS: path } });
    expect(findings.map(({ check, found: text }) => [check, text])).toContainEqual([
      'authorities',
      `those in ${path} are trusted besides the well-known ones`,
    ]);
  });
});

describe('a proxy', () => {
  it('is named without its password, and used', async () => {
    const HTTPS_PROXY = `http://somebody:${PASSWORD}@127.0.0.1:${portOf(proxy)}`;
    const findings = await found({ host: 'hub.test', knowsAuthority: true, env: { HTTPS_PROXY } });
    expect(findings[0]).toMatchObject({ check: 'proxy', state: 'fine' });
    expect(findings[0]?.found).toContain(`127.0.0.1:${portOf(proxy)}`);
    expect(JSON.stringify(findings)).not.toContain(PASSWORD);
    expect(findings[1]).toMatchObject({ check: 'hub', state: 'fine' });
    expect(asked).toEqual([`hub.test:${portOf(hub)}`]);
  });

  it('that is not there is told of with where to look', async () => {
    const findings = await found({
      host: 'hub.test',
      knowsAuthority: true,
      env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
    });
    expect(findings[1]).toMatchObject({ check: 'hub', state: 'problem' });
    expect(findings[1]?.advice).toBe('check the proxy of HTTPS_PROXY, the endpoint and the network');
  });

  it('that is of no kind that we speak is told of', async () => {
    const findings = await found({
      host: 'hub.test',
      knowsAuthority: true,
      env: { HTTPS_PROXY: 'socks5://127.0.0.1:1' },
    });
    expect(findings[0]).toMatchObject({ check: 'proxy', state: 'problem' });
    expect(findings[0]?.advice).toBe('mend the variable, or take it away');
  });
});
