import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { createHttp } from './undici-http.ts';

/* Answers as servers and proxies have been seen to give them, byte by byte; each is written to the connection as it stands. */

let server: Server;
let answers: string[];
const sockets = new Set<Socket>();

beforeEach(async () => {
  answers = [];
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(answers.shift() ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function post(body: string): Promise<string> {
  const { port } = server.address() as { port: number };
  const http = createHttp(systemClock);
  try {
    const url = `http://127.0.0.1:${port}/`;
    const { status, text } = await http.send({ method: 'POST', url, body, timeoutMs: 3_000 });
    return `${status} ${text}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await http.close();
  }
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

it.each<[name: string, answer: string]>([
  ['as always', OK],
  ['behind a 100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${OK}`],
  ['behind two of them', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\nX: y\r\n\r\n${OK}`],
  ['behind hints', `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}`],
  [
    'in chunks with trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=1\r\no\r\n1\r\nk\r\n0\r\nT: 1\r\n\r\n',
  ],
  ['twice', OK + OK],
])('%s', async (_name, answer) => {
  answers.push(answer);
  expect(await post('x')).toBe('200 ok');
});

it.each(['<html><body>Sign in</body></html>', '\n<!DOCTYPE html>\n<title>Welcome</title>'])(
  'a page is no answer, however good its status: %j',
  async (page) => {
    answers.push(`HTTP/1.1 200 OK\r\nContent-Length: ${page.length}\r\n\r\n${page}`);
    expect(await post('x')).toMatch(/^a web page came in its place/);
    answers.push(`HTTP/1.1 404 Not Found\r\nContent-Length: ${page.length}\r\n\r\n${page}`);
    expect(await post('x')).toBe(`404 ${page}`);
  },
);
