import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../platform/clock.ts';
import { isAuthorised } from './bearer.ts';
import { type Answer, message, ROUTES, type ServedAgent } from './routes.ts';

/** What slow clients are granted, in ms. */
export interface ClientLimits {
  /** Neither sending nor taking a byte. */
  readonly idleMs: number;
  /** From the first byte of a request to the last of its headers. */
  readonly headersMs: number;
  /** To its last: a job request with files on a slow line. */
  readonly requestMs: number;
  /** How often these are looked at. */
  readonly lookMs: number;
}
const LIMITS: ClientLimits = { idleMs: 60_000, headersMs: 10_000, requestMs: 300_000, lookMs: 5_000 };
const KEEP_ALIVE_MS = 30_000;
/** Bounds what slow clients can hold open. */
const MAX_CONNECTIONS = 1_000;

export interface JobServerOptions {
  readonly agent: ServedAgent;
  /** PEM, checked already. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** With which callers sign their tokens. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly log: { debug(message: string): void; error(message: string): void };
  /** Those of every server unless told. */
  readonly limits?: ClientLimits;
}

/** The HTTPS server of `serve`, not listening yet. Nothing that a client does makes it fail. */
export function createJobServer(options: JobServerOptions): Server {
  const { tls, limits = LIMITS } = options;
  const server = createServer(
    { ...tls, minVersion: 'TLSv1.2', connectionsCheckingInterval: limits.lookMs },
    (request, response) => void handle(options, request, response),
  );
  server.headersTimeout = limits.headersMs;
  server.requestTimeout = limits.requestMs;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(limits.idleMs);
  return server;
}

async function handle(options: JobServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request;
  try {
    const answer = await answerTo(options, request);
    await send(response, answer);
    options.log.debug(`${method} ${pathOf(url)}: ${answer.status}`);
    answer.sent?.();
  } catch (error) {
    // Most often a client that went away. Where nothing was sent yet there may still be somebody to hear that it failed.
    options.log.debug(`${method} ${pathOf(url)}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`);
    if (response.headersSent) response.destroy();
    else await send(response, message(500, 'the call failed')).catch(() => response.destroy());
  }
}

/**
 * Like the reference agent's router: first the path, then the method, then the token. A path with double slashes or dots, or
 * with a slash at its end, is answered with where the call is.
 */
async function answerTo({ agent, secret, clock }: JobServerOptions, request: IncomingMessage): Promise<Answer> {
  const { method = '', url = '' } = request;
  const given = pathOf(url);
  const tidy = given.startsWith('/') ? posix.normalize(given) : given;
  if (tidy !== given) return moved(tidy + url.slice(given.length));
  const path = given.replace(/(?<=.)\/$/, '');
  const known = ROUTES.filter((route) => route.path.test(path));
  if (known.length === 0) return { status: 404, body: '404 page not found\n', type: 'text/plain' };
  const route = known.find((candidate) => candidate.method === method);
  if (!route) return { status: 405, body: '' };
  if (path !== given) return moved(path + url.slice(given.length));
  if (!route.open && !(await isAuthorised(request.headers.authorization, secret, clock)))
    return message(401, 'this call needs an authorization header: Bearer and a valid token');
  const part = decoded(route.path.exec(path)?.[1] ?? '');
  return route.answer(agent, { request, part, query: new URLSearchParams(url.slice(path.length)) });
}

function moved(location: string): Answer {
  return { status: 301, body: '', location };
}

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? '';
}

/** Percent signs that stand for nothing stay as they are. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function send(response: ServerResponse, { status, body, type, location }: Answer): Promise<void> {
  response.statusCode = status;
  if (location !== undefined) response.setHeader('location', location);
  response.setHeader('content-type', type === undefined ? 'application/json' : `${type}; charset=utf-8`);
  if (typeof body !== 'string') return pipeline(body, response);
  response.setHeader('content-length', Buffer.byteLength(body));
  await new Promise<void>((resolve, reject) => {
    response.once('close', () => (response.writableFinished ? resolve() : reject(new Error('the client is gone'))));
    response.end(body);
  });
}
