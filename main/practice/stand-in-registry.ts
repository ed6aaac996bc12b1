import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type Docker from 'dockerode';
import { extract, pack } from 'tar-stream';

export interface StandInRegistryOptions {
  /** Who may pull. */
  readonly username: string;
  readonly password: string;
  /** Between two pieces of a layer, so that a pull takes a while. In ms. */
  readonly pauseMs?: number;
}

/** The layer that only the registry has. */
export interface OwnLayer {
  /** Its size where it is unpacked. */
  readonly bytes: number;
  /** To next to nothing: then it is large only where it is unpacked. */
  readonly isCompressed?: boolean;
}

interface Blob {
  readonly type: string;
  readonly content: Buffer;
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar';
const PIECES = 20;
const SMALL: OwnLayer = { bytes: 2_000_000 };

/**
 * A registry on the loopback interface that asks for a password: version 2 of the protocol with its tokens, as far as `docker
 * login` and `docker pull` need it. Source: the registry's HTTP API V2 and its token authentication.
 */
export class StandInRegistry {
  private readonly blobs = new Map<string, Blob>();
  /** By `name/tag`. */
  private readonly manifests = new Map<string, Buffer>();
  private readonly token = randomUUID();
  private readonly server: Server;

  private constructor(private readonly options: StandInRegistryOptions) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async start(options: StandInRegistryOptions): Promise<StandInRegistry> {
    const registry = new StandInRegistry(options);
    await new Promise<void>((resolve) => {
      registry.server.listen(0, '127.0.0.1', resolve);
    });
    return registry;
  }

  /** `127.0.0.1:port`, as it stands in names of images. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Takes an image over from an engine, with one more layer that no engine has yet. */
  async take(docker: Docker, image: string, as: string, own: OwnLayer = SMALL): Promise<void> {
    const files = await filesOf(await docker.getImage(image).get());
    const [saved] = JSON.parse(String(files.get('manifest.json'))) as [{ Config: string; Layers: string[] }];
    const config = JSON.parse(String(files.get(saved.Config))) as { rootfs: { diff_ids: string[] } };
    const content = own.isCompressed ? Buffer.alloc(own.bytes) : randomBytes(own.bytes);
    const newLayer = await layerOf('only-in-this-registry', content);
    config.rootfs.diff_ids.push(digestOf(newLayer));
    const layers = [
      ...saved.Layers.map((name) => this.add(LAYER, files.get(name))),
      own.isCompressed ? this.add(`${LAYER}.gzip`, gzipSync(newLayer)) : this.add(LAYER, newLayer),
    ];
    const configBlob = this.add(CONFIG, Buffer.from(JSON.stringify({ ...config, history: [] })));
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: configBlob, layers };
    const written = Buffer.from(JSON.stringify(manifest));
    this.manifests.set(as, written);
    this.manifests.set(`${as.split('/')[0]}/${digestOf(written)}`, written);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private add(type: string, content = Buffer.alloc(0)) {
    const digest = digestOf(content);
    this.blobs.set(digest, { type, content });
    return { mediaType: type, size: content.length, digest };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', headers, method } = request;
    const blob = this.find(url);
    if (url.startsWith('/token')) this.giveToken(headers.authorization ?? '', response);
    else if (headers.authorization !== `Bearer ${this.token}`) this.demandToken(response);
    else if (url === '/v2/') response.end();
    else if (blob) void this.send(blob, method, response);
    else refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
  }

  private find(url: string): Blob | undefined {
    const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const manifest = this.manifests.get(`${name}/${reference}`);
    if (kind === 'manifests') return manifest && { type: MANIFEST, content: manifest };
    return this.blobs.get(reference);
  }

  private giveToken(authorization: string, response: ServerResponse): void {
    const { username, password } = this.options;
    const good = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    if (authorization === good) response.end(JSON.stringify({ token: this.token }));
    else refuse(response, 401, 'UNAUTHORIZED', 'incorrect username or password');
  }

  private demandToken(response: ServerResponse): void {
    const challenge = `Bearer realm="http://${this.host}/token",service="stand-in-registry"`;
    response.setHeader('www-authenticate', challenge);
    response.setHeader('docker-distribution-api-version', 'registry/2.0');
    refuse(response, 401, 'UNAUTHORIZED', 'authentication required');
  }

  private async send({ type, content }: Blob, method: string | undefined, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', type);
    response.setHeader('content-length', content.length);
    response.setHeader('docker-content-digest', digestOf(content));
    const { pauseMs } = this.options;
    const size = Math.ceil(content.length / PIECES);
    for (let at = 0; method !== 'HEAD' && at < content.length && !response.destroyed; at += size) {
      response.write(content.subarray(at, at + size));
      if (pauseMs !== undefined && type === LAYER) await sleep(pauseMs);
    }
    response.end();
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}

async function layerOf(name: string, content: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  return buffer(archive);
}

/** What is in an image as `docker save` gives it. */
async function filesOf(archive: NodeJS.ReadableStream): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  archive.pipe(entries);
  for await (const entry of entries) files.set(entry.header.name, await buffer(entry));
  return files;
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
