import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where a container engine may be. */
export interface EngineAddress {
  readonly at: { readonly socketPath: string } | { readonly host: string; readonly port: number };
  /** For `https`: who may be believed, and who we are. PEM. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
  /** In people's words: `DOCKER_HOST`, `the docker context "colima"`, a path. */
  readonly origin: string;
  /** Whose socket it is, where nothing but custom leads there. */
  readonly usualOf?: string;
}

export interface EngineSurroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** The text of a file, or undefined where there is none. */
  readonly readFile: (path: string) => string | undefined;
}

/** A place that is named but cannot be used, in one line. */
export interface UnusableAddress {
  readonly origin: string;
  readonly problem: string;
}

/**
 * Where to look for an engine, best first: what DOCKER_HOST says and nothing else; else the current docker context, then the
 * sockets that engines are known to have.
 */
export function engineAddresses(surroundings: EngineSurroundings): readonly (EngineAddress | UnusableAddress)[] {
  const { DOCKER_HOST: host } = surroundings.env;
  if (host) return [addressOf(host, 'DOCKER_HOST', tlsOfVariables(surroundings))];
  const context = contextAddress(surroundings);
  const sockets = usualSockets(surroundings).map(([usualOf, socketPath]) => {
    return { at: { socketPath }, origin: socketPath, usualOf };
  });
  return context ? [context, ...sockets] : sockets;
}

/** What did not answer and why, and whose socket was nowhere, as a sentence. */
export function triedInWords(tried: readonly string[], missing: readonly string[]): string {
  const looked = tried.length > 0 ? [`tried ${tried.join(', ')}`] : [];
  const nowhere = missing.length > 0 ? [`there is no socket of ${missing.join(', ')}`] : [];
  const sentence = [...looked, ...nowhere].join('; ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

function addressOf(text: string, origin: string, tls: EngineAddress['tls']): EngineAddress | UnusableAddress {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/.exec(text) ?? [];
  if (scheme === 'unix' || scheme === 'npipe') return { at: { socketPath: rest }, origin };
  if (scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https') {
    return { origin, problem: `${scheme || 'an address without a scheme'} is not supported; unix, npipe and tcp are` };
  }
  const url = parsedUrl(`http://${rest}`);
  if (!url) return { origin, problem: `${text} is no address` };
  const { hostname, port } = url;
  const defaultPort = tls ? 2376 : 2375;
  return { at: { host: hostname, port: Number(port || defaultPort) }, origin, ...(tls ? { tls } : {}) };
}

function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function tlsOfVariables({ env, home, readFile }: EngineSurroundings): EngineAddress['tls'] {
  if (!env.DOCKER_TLS_VERIFY) return undefined;
  return tlsIn(env.DOCKER_CERT_PATH || join(home, '.docker'), readFile);
}

function tlsIn(folder: string, readFile: EngineSurroundings['readFile']): EngineAddress['tls'] {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(join(folder, name)));
  return ca && cert && key ? { ca, cert, key } : undefined;
}

/** The current context of the docker command line. Source: its `contexts/meta/<sha256 of the name>/meta.json`. */
function contextAddress({ env, home, readFile }: EngineSurroundings): EngineAddress | UnusableAddress | undefined {
  const folder = env.DOCKER_CONFIG || join(home, '.docker');
  const config = parsed(readFile(join(folder, 'config.json')));
  const name = env.DOCKER_CONTEXT || (typeof config?.currentContext === 'string' ? config.currentContext : '');
  if (name === '' || name === 'default') return undefined;
  const origin = `the docker context "${name}"`;
  const id = createHash('sha256').update(name).digest('hex');
  const meta = parsed(readFile(join(folder, 'contexts', 'meta', id, 'meta.json')));
  const host = (meta as { Endpoints?: { docker?: { Host?: unknown } } } | undefined)?.Endpoints?.docker?.Host;
  if (typeof host !== 'string') return { origin, problem: 'it has no address; see docker context ls' };
  return addressOf(host, origin, tlsIn(join(folder, 'contexts', 'tls', id, 'docker'), readFile));
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    // A broken file of somebody else's is like none.
    return undefined;
  }
}

type UsualSocket = readonly [engine: string, path: string];

const PIPES: readonly UsualSocket[] = [
  ['Docker', '//./pipe/docker_engine'],
  ['Podman', '//./pipe/podman-machine-default'],
];
const IN_HOME: readonly UsualSocket[] = [
  ['Docker Desktop', '.docker/run/docker.sock'],
  ['Docker Desktop', '.docker/desktop/docker.sock'],
  ['OrbStack', '.orbstack/run/docker.sock'],
  ['Colima', '.colima/default/docker.sock'],
  ['Rancher Desktop', '.rd/docker.sock'],
  ['Podman', '.local/share/containers/podman/machine/podman.sock'],
];
const IN_RUNTIME: readonly UsualSocket[] = [
  ['Docker', 'docker.sock'],
  ['Podman', 'podman/podman.sock'],
];

function usualSockets({ env, home, platform }: EngineSurroundings): readonly UsualSocket[] {
  if (platform === 'win32') return PIPES;
  const below = (folder: string | undefined, sockets: readonly UsualSocket[]) =>
    folder ? sockets.map(([engine, path]): UsualSocket => [engine, join(folder, path)]) : [];
  return [
    ['Docker', '/var/run/docker.sock'],
    ...below(env.XDG_RUNTIME_DIR, IN_RUNTIME),
    ...below(home, IN_HOME),
    ['Podman', '/run/podman/podman.sock'],
  ];
}
