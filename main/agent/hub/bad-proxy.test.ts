import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../platform/fake-clock.ts';
import type { Http } from './http.ts';
import { createHttp } from './undici-http.ts';

/* A proxy that is asked for a tunnel, or to hand on plain HTTP, and does neither. Real connections; limits on virtual time. */

let proxy: Server;
let http: Http;
let clock: FakeClock;
/** What it answers; undefined: nothing, ever. */
let answer: ((socket: Socket) => void) | undefined;
/** The first lines of all that it was asked. */
let asked: string[];
const sockets = new Set<Socket>();

beforeEach(async () => {
  asked = [];
  answer = undefined;
  proxy = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const [request] = bytes.toString('latin1').match(/^.* HTTP\/1\.1/) ?? [];
      if (request === undefined) return;
      asked.push(request);
      answer?.(socket);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  clock = new FakeClock();
  const address = `http://me:p%40ss%25@127.0.0.1:${(proxy.address() as { port: number }).port}`;
  http = createHttp(clock, { env: { HTTPS_PROXY: address, http_proxy: address } });
});
afterEach(async () => {
  await http.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
});

const HTTPS = 'https://hub.test/sync';
const HTTP = 'http://hub.test/sync';

/** What becomes of a call, in a line. */
function post(url: string): Promise<string> {
  const call = { method: 'POST', url, body: '{}', timeoutMs: 30_000 } as const;
  return http.send(call).then(
    ({ status, text }) => `${status} ${text}`,
    (error: Error) => error.message,
  );
}

describe('a proxy that lets nothing through', () => {
  it.each<[answer: string, tunnel: string, plain: string]>([
    [
      'HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n',
      'the proxy does not let us through',
      'it cannot be sent: a header is none, or the proxy wants a name and a password',
    ],
    ['HTTP/1.1 502 No\r\nContent-Length: 3\r\n\r\nbad', 'the proxy does not let us through', '502 bad'],
    ['HTTP/1.1 200 Yes\r\n\r\n', 'the connection was reset', '200 '],
    ['HTTP/1.1 200 Yes\r\n\r\nno TLS', 'the server does not speak TLS', '200 no TLS'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'the server does not speak HTTP', 'the server does not speak HTTP'],
    ['', 'the proxy hangs up', 'the connection was closed'],
  ])('but says %j is named as the reason, and is asked once for each call', async (text, tunnel, plain) => {
    answer = (socket) => socket.end(text);
    expect([await post(HTTPS), await post(HTTP)]).toEqual([tunnel, plain]);
    expect(asked).toEqual(['CONNECT hub.test:443 HTTP/1.1', `POST ${HTTP} HTTP/1.1`]);
  });

  it.each([
    ['https://hub.test:8443/x', 'CONNECT hub.test:8443 HTTP/1.1'],
    ['https://[fd00::1]/x', 'CONNECT [fd00::1]:443 HTTP/1.1'],
    ['https://[fd00::1]:8443/x', 'CONNECT [fd00::1]:8443 HTTP/1.1'],
    ['http://[fd00::1]:8080/x?y=1', 'POST http://[fd00::1]:8080/x?y=1 HTTP/1.1'],
  ])('is asked for %s by %s', async (url, request) => {
    answer = (socket) => socket.end('HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n');
    await post(url);
    expect(asked).toEqual([request]);
  });

  it.each([HTTPS, HTTP])('and never answers is waited for no longer than any server: %s', async (url) => {
    const told = post(url);
    await expect.poll(() => asked).toHaveLength(1);
    await clock.advance(30_000);
    expect(await told).toBe('no answer within 30 s');
  });

  it('for a while is no obstacle behind that, however many calls were given up meanwhile', async () => {
    for (let n = 1; n <= 6; n += 1) {
      const told = post(HTTPS);
      await expect.poll(() => asked).toHaveLength(n);
      await clock.advance(30_000);
      expect(await told).toBe('no answer within 30 s');
    }
    answer = (socket) => socket.end('HTTP/1.1 407 No\r\n\r\n');
    expect(await post(HTTPS)).toBe('the proxy does not let us through');
  });

  it('does not keep the agent from ending', async () => {
    const told = post(HTTPS);
    await expect.poll(() => asked).toHaveLength(1);
    await http.close();
    expect(await told).not.toBe('');
  });
});
