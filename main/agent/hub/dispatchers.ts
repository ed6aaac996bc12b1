import type { Dispatcher, Pool } from 'undici';
// The index of undici brings fetch, WebSockets, caches and mocks along: 9 MB, and more time to load than all the rest of the agent's HTTP. Only a proxy needs it.
import Agent from 'undici/lib/dispatcher/agent.js';
import { HttpError } from './http.ts';
import { type Route, routeTo } from './proxy.ts';
import { passUnaskedContinue } from './unasked-continue.ts';

passUnaskedContinue();

/** What lies between this machine and a server. */
export interface Network {
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Certificates (PEM) of all authorities that are trusted; undefined: those that Node trusts. */
  readonly authorities?: readonly string[] | undefined;
}

/** Connections, kept open between calls: one set for straight ways, one for each proxy. */
export class Dispatchers {
  private readonly direct: Dispatcher;
  private readonly proxies = new Map<string, Promise<Dispatcher>>();

  constructor(private readonly network: Network) {
    this.direct = new Agent({ ...POOL, connect: this.trust });
  }

  /** The connections on which a call to this address goes. Rejects with an `HttpError` where there is no way. */
  async for(url: URL): Promise<Dispatcher> {
    const route = routeTo(url, this.network.env);
    if (route.kind === 'direct') return this.direct;
    if (route.kind === 'unusable') throw new HttpError('unreachable', route.problem);
    const known = this.proxies.get(route.url) ?? this.through(route);
    this.proxies.set(route.url, known);
    return known;
  }

  async close(): Promise<void> {
    const all = [this.direct, ...(await Promise.all(this.proxies.values()))];
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
  }

  private get trust(): { ca?: string[] } {
    const { authorities } = this.network;
    return authorities ? { ca: [...authorities] } : {};
  }

  /** Plain HTTP is handed to the proxy as it is: many let nothing but HTTPS be tunnelled. */
  private async through({ url, authorization }: Extract<Route, { kind: 'proxy' }>): Promise<Dispatcher> {
    const { Pool, ProxyAgent } = await import('undici');
    return new ProxyAgent({
      keepAliveTimeout: POOL.keepAliveTimeout,
      uri: url,
      proxyTunnel: false,
      requestTls: this.trust,
      proxyTls: this.trust,
      // A call that waits for a tunnel has a connection to itself: no other one waits behind it.
      factory: (origin, options: Pool.Options) => new Pool(origin, { ...options, ...failingAtOnce(options) }),
      clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: TUNNEL_MS }),
      ...(authorization === undefined ? {} : { token: authorization }),
    });
  }
}

const POOL = { connections: 4, keepAliveTimeout: 60_000 };
/** A proxy that lets a tunnel wait for longer, in ms, lets none through: as long as undici waits for any other connection. */
const TUNNEL_MS = 10_000;

/** Errors by which undici takes a connection for lost that was there, and makes another one: without a pause or an end. */
const LOST = ['UND_ERR_SOCKET', 'UND_ERR_INFO'];

/** The same way to a connection, on which a proxy that hangs up in place of an answer is an error like any other. */
function failingAtOnce({ connect }: Pool.Options): Pick<Pool.Options, 'connect'> {
  if (typeof connect !== 'function') return {};
  return {
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (!error) return callback(null, socket);
        const isLost = LOST.includes((error as NodeJS.ErrnoException).code ?? '');
        callback(isLost ? new HttpError('unreachable', 'the proxy hangs up', error) : error, null);
      }),
  };
}
