import { Agent, type Dispatcher, ProxyAgent } from 'undici';
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
  private readonly direct: Agent;
  private readonly proxies = new Map<string, ProxyAgent>();

  constructor(private readonly network: Network) {
    this.direct = new Agent({ ...POOL, connect: this.trust });
  }

  /** The connections on which a call to this address goes. Throws an `HttpError` where there is no way. */
  for(url: string): Dispatcher {
    const route = routeTo(addressOf(url), this.network.env);
    if (route.kind === 'direct') return this.direct;
    if (route.kind === 'unusable') throw new HttpError('unreachable', route.problem);
    const known = this.proxies.get(route.url) ?? this.through(route);
    this.proxies.set(route.url, known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all([this.direct, ...this.proxies.values()].map((dispatcher) => dispatcher.close()));
  }

  private get trust(): { ca?: string[] } {
    const { authorities } = this.network;
    return authorities ? { ca: [...authorities] } : {};
  }

  /** Plain HTTP is handed to the proxy as it is: many let nothing but HTTPS be tunnelled. */
  private through({ url, authorization }: Extract<Route, { kind: 'proxy' }>): ProxyAgent {
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

function addressOf(url: string): URL {
  try {
    return new URL(url);
  } catch (error) {
    throw new HttpError('unreachable', 'the address is not understood', error);
  }
}

const POOL = { connections: 4, keepAliveTimeout: 60_000 };
