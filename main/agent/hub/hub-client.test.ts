import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { HttpError } from './http.ts';
import { HubClient, HubError } from './hub-client.ts';
import { createHttp } from './undici-http.ts';

let server: Server | undefined;
const http = createHttp(systemClock);
const heard: { readonly path: string; readonly authorization: string; readonly userAgent: string }[] = [];

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
  heard.length = 0;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer((request, response) => {
    const { authorization = '', 'user-agent': userAgent = '' } = request.headers;
    heard.push({ path: request.url ?? '', authorization, userAgent });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function client(listener: RequestListener): Promise<HubClient> {
  return new HubClient({
    http,
    endpoint: await serve(listener),
    noHttps: true,
    registrationToken: 'registration-secret',
  });
}

const answer =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    response.writeHead(status).end(body);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as HubError,
  );

describe('HubClient', () => {
  it('uses the registration token or the access token, and names its version', async () => {
    const hub = await client(answer(200, '{"token":"t","action":"continue"}'));
    await hub.sync('access', { state: 'waiting-for-jobs', job_id: '', job_result: '', interrupted_at: 0 });
    await failure(hub.queue());
    await hub.job('access', 'a/b c');
    expect(heard.map(({ path, authorization }) => `${path} ${authorization}`)).toEqual([
      '/api/v1/self_hosted_agents/sync Token access',
      '/api/v1/self_hosted_agents/metrics Token registration-secret',
      '/api/v1/self_hosted_agents/jobs/a%2Fb%20c Token access',
    ]);
    expect(heard[0]?.userAgent).toMatch(/^SemaphoreAgent\/\S+$/);
  });

  it('shows no token that a hub says again, and not the half of one', async () => {
    const request = { state: 'waiting-for-jobs', job_id: '', job_result: '', interrupted_at: 0 } as const;
    const long = await client(answer(400, `${'x'.repeat(292)}access-secret`));
    expect((await failure(long.sync('access-secret', request)))?.message).toMatch(/ with 400: “x+\[hidden\]”$/);
    await new Promise((resolve) => server?.close(resolve));
    const short = await client(answer(401, 'who is access-secret or registration-secret?'));
    expect((await failure(short.sync('access-secret', request)))?.message).toMatch(
      / with 401: “who is \[hidden\] or \[hidden\]\?”$/,
    );
  });

  it('takes no endless answer, but a job with large files', async () => {
    const padding = ' '.repeat(5_000_000);
    const hub = await client(answer(200, `{"action":"continue"${padding}}`));
    const request = { state: 'waiting-for-jobs', job_id: '', job_result: '', interrupted_at: 0 } as const;
    expect((await failure(hub.sync('access', request)))?.message).toMatch(/the answer is larger than 1 MiB$/);
    expect(await hub.job('access', 'j1')).toEqual({ action: 'continue' });
  });

  it('names the place that it is sent to, without what may be secret in it', async () => {
    const headers = { location: 'https://login.example.com/x?token=secret' };
    const hub = await client((_, response) => response.writeHead(302, headers).end());
    expect((await failure(hub.disconnect('access')))?.message).toBe(
      'the hub refused /disconnect with 302: it sends us to https://login.example.com/x',
    );
  });

  it('fills in what an answer leaves out', async () => {
    const hub = await client(answer(200, '{"action":"continue","job_id":null}'));
    const request = { state: 'waiting-for-jobs', job_id: '', job_result: '', interrupted_at: 0 } as const;
    expect(await hub.sync('access', request)).toEqual({
      action: 'continue',
      job_id: '',
      shutdown_reason: '',
      next_sync_after: 0,
    });
  });

  it.each([
    [401, 'Unauthorized', 'the hub refused /disconnect with 401: “Unauthorized”'],
    [404, '', 'the hub refused /disconnect with 404'],
    [422, 'two\nlines\x1b[31m', 'the hub refused /disconnect with 422: “two lines [31m”'],
    [429, 'slow down', 'the hub refused /disconnect with 429: “slow down”'],
    [503, 'x'.repeat(1_000), `the hub refused /disconnect with 503: “${'x'.repeat(300)}…”`],
  ])('tells a refusal with %i in one line', async (status, body, message) => {
    const error = await failure((await client(answer(status, body))).disconnect('access'));
    expect(error).toBeInstanceOf(HubError);
    expect(error).toMatchObject({ message, status, code: 'refused' });
  });

  it.each([
    ['<action>', 'not JSON'],
    ['{"action":5}', 'not what it should be'],
    ['[]', 'not what it should be'],
  ])('tells garbage: %s', async (body, told) => {
    const hub = await client(answer(200, body));
    const error = await failure(
      hub.sync('access', { state: 'waiting-for-jobs', job_id: '', job_result: '', interrupted_at: 0 }),
    );
    expect(error).toMatchObject({ code: 'garbage', message: expect.stringContaining(told) });
  });

  it('tells that nobody answers', async () => {
    const endpoint = await serve((request) => request.socket.destroy());
    const hub = new HubClient({ http, endpoint, noHttps: true, registrationToken: 'x' });
    expect(await failure(hub.queue())).toMatchObject({
      code: 'no-answer',
      status: 0,
      message: `no answer from ${endpoint}: the connection was closed`,
    });
    const refused = new HubClient({ http, endpoint: '127.0.0.1:1', noHttps: true, registrationToken: 'x' });
    expect((await failure(refused.queue()))?.message).toBe('no answer from 127.0.0.1:1: connection refused');
    const unknown = new HubClient({ http, endpoint: 'host.invalid', noHttps: true, registrationToken: 'x' });
    expect((await failure(unknown.queue()))?.message).toMatch(/host not found/);
    const plain = new HubClient({ http, endpoint, noHttps: false, registrationToken: 'x' });
    expect((await failure(plain.queue()))?.message).toMatch(/no answer from .*: the /);
  });
});

describe('the http client', () => {
  const call = (endpoint: string, timeoutMs: number, signal?: AbortSignal) =>
    failure(http.send({ method: 'GET', url: `http://${endpoint}/`, timeoutMs, ...(signal ? { signal } : {}) }));

  it('gives up an answer that does not come, or does not end', async () => {
    expect(await call(await serve(() => undefined), 50)).toMatchObject({
      code: 'timeout',
      message: 'no answer within 0.05 s',
    });
    server?.closeAllConnections();
    expect(await call(await serve((_, response) => void response.write('begin')), 50)).toMatchObject({
      code: 'timeout',
    });
  });

  it('gives up when it is told to, even before it began', async () => {
    const stop = new AbortController();
    const endpoint = await serve(() => stop.abort());
    expect(await call(endpoint, 60_000, stop.signal)).toMatchObject({ code: 'aborted' });
    const error = await call(endpoint, 60_000, stop.signal);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ code: 'aborted' });
  });
});
