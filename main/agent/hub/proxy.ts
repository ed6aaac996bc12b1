import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a call goes: straight to its server, through a proxy, or nowhere, with the reason. */
export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly url: string; readonly authorization: string | undefined }
  | { readonly kind: 'unusable'; readonly problem: string };

const DIRECT: Route = { kind: 'direct' };

/**
 * The way to a server, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in small letters or capitals, as the reference agent
 * goes (Go: `http.ProxyFromEnvironment`): never through a proxy to this machine itself.
 */
export function routeTo(url: URL, env: Environment): Route {
  const kind = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const wanted = env[kind] || env[kind.toUpperCase()] || '';
  if (wanted === '' || isThisMachine(url) || isExempt(url, env.no_proxy || env.NO_PROXY || '')) return DIRECT;
  const proxy = parseProxy(wanted);
  if (!proxy) {
    return { kind: 'unusable', problem: `${kind.toUpperCase()} is not the address of a proxy (http://HOST:PORT)` };
  }
  const authorization = authorizationOf(proxy);
  return { kind: 'proxy', url: proxy.origin, authorization };
}

function parseProxy(text: string): URL | undefined {
  try {
    const url = new URL(/^[a-z0-9+.-]+:\/\//i.test(text) ? text : `http://${text}`);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
  } catch {
    return undefined;
  }
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '') return undefined;
  return `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')}`;
}

/** A lone `%` is one: people write passwords as they are. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isThisMachine(url: URL): boolean {
  const host = hostOf(url);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** One entry exempts a host with all below it, an address, a block of addresses, or one port of it; `*` exempts all. */
function isExempt(url: URL, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => entry !== '' && exempts(entry.toLowerCase(), url));
}

function exempts(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const host = hostOf(url);
  if (entry.includes('/')) return isInBlock(host, entry);
  const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (port !== '' && port !== portOf(url)) return false;
  const wanted = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  return host === wanted || host.endsWith(`.${wanted}`);
}

function isInBlock(host: string, entry: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(host) === 0 || isIP(network) !== isIP(host) || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 'ipv6' ? 128 : 32)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family);
  return block.check(host, family);
}

function hostOf({ hostname }: URL): string {
  return hostname.toLowerCase().replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
