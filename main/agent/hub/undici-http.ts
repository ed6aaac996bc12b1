import request from 'undici/lib/api/api-request.js';
import { startAwakeLimit } from '../platform/awake-limit.ts';
import type { Clock } from '../platform/clock.ts';
import { VERSION } from '../version.ts';
import { Dispatchers, type Network } from './dispatchers.ts';
import { type Http, type HttpAnswer, type HttpCall, HttpError, type HttpErrorCode } from './http.ts';
import { retryAfterMs } from './retry-after.ts';

const MAX_ANSWER = 1024 * 1024;
/** Of a body that does not count. */
const MAX_UNREAD = 64 * 1024;
/** No API says so with a page. A network that wants a sign-in does, with a 200, to everything. */
const PAGE = /^\s*<(!doctype|html)\b/i;

/** An `Http` over undici, with connections kept open between calls. */
export function createHttp(clock: Clock, network: Network = { env: {} }): Http {
  const dispatchers = new Dispatchers(network);
  return {
    send: (call) => send(dispatchers, clock, call),
    close: () => dispatchers.close(),
  };
}

/** One signal covers the whole exchange: undici's own time-outs are per part of it. */
async function send(dispatchers: Dispatchers, clock: Clock, call: HttpCall): Promise<HttpAnswer> {
  const limit = new AbortController();
  const abort = () => limit.abort();
  const timer = startAwakeLimit(clock, call.timeoutMs, abort);
  call.signal?.addEventListener('abort', abort);
  if (call.signal?.aborted) abort();
  try {
    const url = addressOf(call.url);
    const answer = request.call(await dispatchers.for(url), {
      origin: url.origin,
      path: url.pathname + url.search,
      method: call.method,
      headers: { ...call.headers, 'user-agent': `SemaphoreAgent/${VERSION}` },
      body: call.body ?? null,
      signal: limit.signal,
    });
    const { statusCode, headers, body } = await unlessAborted(answer, limit.signal);
    const isGood = statusCode >= 200 && statusCode < 300;
    const text = await readBody(body, { call, isGood, limit: limit.signal });
    if (isGood && PAGE.test(text))
      throw new HttpError('unreachable', 'a web page came in its place: see whether the network wants a sign-in');
    return {
      status: statusCode,
      text,
      retryAfterMs: retryAfterMs(single(headers['retry-after']), clock.now()),
      location: single(headers.location),
      date: timeOf(single(headers.date)),
    };
  } catch (error) {
    throw toHttpError(error, call, limit.signal);
  } finally {
    timer.cancel();
    call.signal?.removeEventListener('abort', abort);
  }
}

/** undici heeds a signal once there is a connection, and for one that a proxy or a name service has to give it waits for long. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error('given up'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject);
  });
}

function timeOf(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function addressOf(url: string): URL {
  try {
    return new URL(url);
  } catch (error) {
    throw new HttpError('unreachable', 'the address is not understood', error);
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

interface BodyRules {
  readonly call: HttpCall;
  /** The status is one of success: then the body must be whole. */
  readonly isGood: boolean;
  readonly limit: AbortSignal;
}

/** What breaks off is no answer: the server may not have done what it was asked for. */
async function readBody(body: AsyncIterable<Uint8Array>, { call, isGood, limit }: BodyRules): Promise<string> {
  const most = call.statusOnly ? MAX_UNREAD : (call.maxAnswer ?? MAX_ANSWER);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > most) break;
      chunks.push(chunk);
    }
  } catch (error) {
    if (!(call.statusOnly && limit.aborted && !call.signal?.aborted)) throw error;
  }
  if (size > most && isGood && !call.statusOnly) {
    throw new HttpError('too-large', `the answer is larger than ${most / 2 ** 20} MiB`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toHttpError(error: unknown, call: HttpCall, limit: AbortSignal): HttpError {
  if (error instanceof HttpError) return error;
  const make = (code: HttpErrorCode, message: string) => new HttpError(code, message, error);
  if (call.signal?.aborted) return make('aborted', 'the call was given up');
  if (limit.aborted) return make('timeout', `no answer within ${call.timeoutMs / 1000} s`);
  return make('unreachable', reasonOf(error));
}

/** The first code that stands in an error or its causes, in words. */
function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const words =
      REASONS[code] ?? (/CERT|SSL|TLS/.test(code) ? `the certificate is not accepted (${code})` : undefined);
    if (words !== undefined) return words;
    // undici's parser has no code for what it does not understand.
    if (cause.name === 'HTTPParserError') return 'the server does not speak HTTP';
    if (cause.cause === undefined) return code === '' ? 'the connection failed' : `the connection failed (${code})`;
  }
  return 'the connection failed';
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found (the name service does not answer)',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'the server does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is signed by an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  // Our own aborts were told apart before: what is left is a tunnel that was refused.
  UND_ERR_ABORTED: 'the proxy does not let us through',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_INVALID_ARG: 'it cannot be sent: a header is none, or the proxy wants a name and a password',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'the proxy does not answer',
};
