import type { Dispatcher } from 'undici';
// The index of undici brings fetch, WebSockets, caches and mocks along: 9 MB, and more time to load than all the rest of the agent's HTTP. Only a proxy needs it.
import Agent from 'undici/lib/dispatcher/agent.js';
import { HttpError } from './http.ts';
import { type Route, routeTo } from './proxy.ts';

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
    await Promise.all(all.map((dispatcher) => dispatcher.close()));
  }

  private get trust(): { ca?: string[] } {
    const { authorities } = this.network;
    return authorities ? { ca: [...authorities] } : {};
  }

  /** Plain HTTP is handed to the proxy as it is: many let nothing but HTTPS be tunnelled. */
  private async through({ url, authorization }: Extract<Route, { kind: 'proxy' }>): Promise<Dispatcher> {
    const { ProxyAgent } = await import('undici');
    return new ProxyAgent({
      ...POOL,
      uri: url,
      proxyTunnel: false,
      requestTls: this.trust,
      proxyTls: this.trust,
      ...(authorization === undefined ? {} : { token: authorization }),
    });
  }
}

const POOL = { connections: 4, keepAliveTimeout: 60_000 };
