import { readFile } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestTls } from 'node:https';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import type { Clock } from '../../platform/clock.ts';
import { VERSION } from '../../version.ts';
import type { ClusterConfig } from './cluster-config.ts';

/** A server that asks for patience is asked again so often. */
const TRIES = 5;
/** What it may ask for, at most, and what is waited where it does not say, in ms. */
const LONGEST_WAIT_MS = 10_000;
const WAIT_MS = 1_000;
/** A call that is not answered by then never will be. In ms. */
const CALL_LIMIT_MS = 30_000;
const NO_ANSWER = 'no answer';
const GIVEN_UP = 'the call was given up';
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** A call that failed. `message` is the server's own, or what the connection said; never a secret of ours. */
export class ClusterError extends Error {
  /** `code`: the status of the answer; 0 where there was none. */
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** A change that a watch tells. `ERROR`: the object is a status, and the watch is over. */
export interface WatchEvent {
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/**
 * The calls of the Kubernetes API that a job needs, in one namespace. Who we are is the configuration's: certificates, tokens,
 * plugins, proxies. Source of paths and forms: the API of v1, core group.
 */
export class ClusterClient {
  constructor(
    private readonly cluster: ClusterConfig,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
  ) {}

  /** The same, but its calls reject when the signal aborts, like unanswered ones: what they asked for may be done all the same. */
  until(signal: AbortSignal): ClusterClient {
    return new ClusterClient(this.cluster, this.clock, signal);
  }

  /** No call of it will be answered any more. */
  get isGivenUp(): boolean {
    return this.signal?.aborted === true;
  }

  get namespace(): string {
    return this.cluster.namespace;
  }

  /** A path below the namespace: `pods`, `pods/NAME`, with a query where one is needed; or one from the root. */
  async call(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    for (let left = TRIES - 1; ; left -= 1) {
      const response = await this.open(method, path, body);
      const text = await this.textOf(response);
      const { statusCode = 0, headers } = response;
      if (statusCode < 300) return JSON.parse(text) as Readonly<Record<string, unknown>>;
      if (statusCode !== 429 || left === 0) throw new ClusterError(statusCode, messageOf(text, statusCode));
      await this.clock.sleep(Math.min(Number(headers['retry-after']) * 1_000 || WAIT_MS, LONGEST_WAIT_MS), this.signal);
    }
  }

  /** Whether we may do something in our namespace, as the server sees it. Rejects like a call. */
  async mayI(verb: string, resource: string, subresource?: string): Promise<boolean> {
    const resourceAttributes = { namespace: this.namespace, verb, resource, ...(subresource ? { subresource } : {}) };
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    };
    const answered = await this.call('POST', ACCESS_REVIEWS, review);
    return (answered.status as { readonly allowed?: boolean } | undefined)?.allowed === true;
  }

  /** Follows changes from a version on. Resolves when the server ends the answer, or the signal aborts; rejects like a call. */
  async watch(path: string, signal: AbortSignal, onEvent: (event: WatchEvent) => void): Promise<void> {
    const client = this.until(signal);
    const response = await client.open('GET', path);
    if (response.statusCode !== 200) {
      const code = response.statusCode ?? 0;
      throw new ClusterError(code, messageOf(await client.textOf(response), code));
    }
    const stop = () => response.destroy();
    signal.addEventListener('abort', stop, { once: true });
    // A connection that is cut ends the answer like one that is over: the next watch begins where this one stopped.
    response.on('error', () => undefined);
    const lines = createInterface({ input: response });
    lines.on('line', (line) => {
      const event = parseEvent(line);
      if (event && !signal.aborted) onEvent(event);
    });
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      if (signal.aborted) stop();
    });
    signal.removeEventListener('abort', stop);
  }

  /** Connects to a command in a container. `query`: container, streams and command. Rejects like a call. */
  async exec(pod: string, query: URLSearchParams): Promise<WebSocket> {
    const url = this.urlOf(`pods/${pod}/exec?${query.toString()}`);
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    const options: WebSocket.ClientOptions = { perMessageDeflate: false };
    await this.authorize(options);
    const socket = new WebSocket(url, PROTOCOLS, options);
    return this.inTime(opened(socket), NO_ANSWER, () => socket.terminate());
  }

  private async open(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    const url = this.urlOf(path);
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      Accept: 'application/json',
      'User-Agent': `SemaphoreAgent/${VERSION}`,
      ...(content ? { 'Content-Type': 'application/json', 'Content-Length': content.length } : {}),
    };
    const options: RequestOptions = { method, headers };
    await this.authorize(options);
    const request = (url.protocol === 'http:' ? requestPlain : requestTls)(url, options);
    request.end(content);
    return this.inTime(answered(request), NO_ANSWER, () => request.destroy());
  }

  /** The rest of an answer: one that stops half-way is none. */
  private textOf(response: IncomingMessage): Promise<string> {
    return this.inTime(readAll(response), 'the answer stopped half-way', () => response.destroy());
  }

  /** Adds what says who we are. A plugin or a token file that fails is told with where it stands. */
  private async authorize(options: RequestOptions | WebSocket.ClientOptions): Promise<void> {
    try {
      await this.inTime(
        this.cluster.config.applyToHTTPSOptions(options),
        'the plugin that tells who we are does not end',
      );
      const { tokenFile } = this.cluster;
      if (tokenFile === undefined) return;
      const token = (await readFile(tokenFile, 'utf8')).trim();
      options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
    } catch (error) {
      throw new ClusterError(0, `${(error as Error).message.split('\n')[0]} (${this.cluster.from})`);
    }
  }

  /** Rejects with a `ClusterError` where something fails, takes longer than a call may, or is given up; then `end` ends it. */
  private inTime<T>(work: Promise<T>, late: string, end: () => void = () => undefined): Promise<T> {
    const { signal, clock } = this;
    return new Promise<T>((resolve, reject) => {
      const giveUp = (why: string) => {
        reject(new ClusterError(0, why));
        end();
      };
      const stop = () => giveUp(GIVEN_UP);
      const limit = clock.startTimer(CALL_LIMIT_MS, () => giveUp(late));
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
      const fail = (error: Error) => reject(error instanceof ClusterError ? error : new ClusterError(0, error.message));
      void work.then(resolve, fail).finally(() => {
        limit.cancel();
        signal?.removeEventListener('abort', stop);
      });
    });
  }

  private urlOf(path: string): URL {
    const server = this.cluster.config.getCurrentCluster()?.server ?? '';
    const root = path.startsWith('/') ? path : `/api/v1/namespaces/${this.namespace}/${path}`;
    return new URL(`${server.replace(/\/$/, '')}${root}`);
  }
}

function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function opened(socket: WebSocket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.on('error', reject);
    socket.once('unexpected-response', (_, response: IncomingMessage) => {
      const code = response.statusCode ?? 0;
      void readAll(response)
        .then((text) => reject(new ClusterError(code, messageOf(text, code))), reject)
        .finally(() => socket.terminate());
    });
  });
}

function messageOf(text: string, code: number): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    if (typeof message === 'string' && message !== '') return message;
  } catch {
    // Some refusals are bare texts.
  }
  return text.trim().split('\n')[0]?.slice(0, 500) || `the API server answered ${code}`;
}

function parseEvent(line: string): WatchEvent | undefined {
  try {
    return JSON.parse(line) as WatchEvent;
  } catch {
    // The last line of a connection that was cut.
    return undefined;
  }
}
