import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { readBody } from '../exchange.ts';
import { ApiFailure } from './api-failure.ts';
import { ClusterApi } from './cluster-api.ts';
import { type ClusterFault, ClusterFaults } from './cluster-faults.ts';
import { openExec } from './exec-upgrade.ts';
import { type Images, RECORDED_IMAGES } from './images.ts';
import { Kubelet } from './kubelet.ts';
import { Objects } from './objects.ts';
import { deletePod } from './pod-deletion.ts';
import type { Pod } from './pods.ts';
import { send } from './send.ts';
import { authenticate, type ClusterUser, recordedUsers } from './users.ts';

export interface ClusterOptions {
  /** Certificate and key of the server, and the authority of client certificates, all PEM. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  /** For containers; removed by nobody. */
  readonly folder: string;
  /** By bearer token, or by the name in a client certificate. */
  readonly users?: ReadonlyMap<string, ClusterUser>;
  readonly images?: Images;
  readonly killDelayMs?: number;
  readonly graceSecondMs?: number;
  readonly backOffMs?: number;
  readonly firstLookMs?: number | undefined;
}

/** A call that was answered, for tests to look at. */
export interface ClusterCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
}

/**
 * A cluster of one node on the loopback interface: the part of the Kubernetes API that an agent needs, answering as a real
 * API server does, and pods that are real processes of this machine.
 */
export class StandInCluster {
  readonly url: string;
  readonly calls: ClusterCall[] = [];
  readonly faults = new ClusterFaults();
  /** Calls that a fault makes wait. */
  waiting = 0;
  private readonly sockets = new Set<Duplex>();
  private readonly webSockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });

  private constructor(
    private readonly server: Server,
    readonly objects: Objects,
    private readonly kubelet: Kubelet,
    private readonly users: ReadonlyMap<string, ClusterUser>,
  ) {
    this.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const api = new ClusterApi(objects, kubelet);
    server.on('request', (request, response) => void this.answer(api, request, response));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex) => void this.upgrade(request, socket));
    server.on('secureConnection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async start(options: ClusterOptions): Promise<StandInCluster> {
    const { tls, folder, users = recordedUsers(), images = RECORDED_IMAGES } = options;
    const objects = new Objects();
    const { killDelayMs = 50, graceSecondMs = 1_000, backOffMs = 10_000, firstLookMs = 150 } = options;
    const kubelet = new Kubelet({ objects, images, folder, killDelayMs, graceSecondMs, backOffMs, firstLookMs });
    const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StandInCluster(server, objects, kubelet, users);
  }

  /** A pod goes, as if somebody else had deleted it. */
  deletePod(namespace: string, name: string): void {
    deletePod(this.objects, this.kubelet, this.objects.get('pods', namespace, name) as Pod, 0);
  }

  /** Cuts every connection, as a network does that goes away. */
  cutConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Not a byte goes either way any more, and nobody is told: what a network does that forgets its connections. */
  hushConnections(): void {
    for (const socket of this.sockets) {
      socket.pause();
      socket.cork();
    }
  }

  /** Takes no more connections; `open` ones go on. */
  stopListening(): void {
    this.server.close();
  }

  async close(): Promise<void> {
    await this.kubelet.close();
    this.cutConnections();
    this.webSockets.close();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(api: ClusterApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    response.once('finish', () => this.calls.push({ method, path: url, status: response.statusCode }));
    try {
      const body = await readBody(request).catch(() => undefined);
      // Who goes before the end of a request has asked for nothing.
      if (body === undefined) return;
      const fault = this.faults.next(method, url);
      if (fault && (await this.suffer(fault, response))) return;
      const user = this.userOf(request);
      await api.answer({ method, url: new URL(url, this.url), user, body, response });
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      send(response, error.code, error.status);
    }
  }

  /** True when the fault was the answer. */
  private async suffer(fault: ClusterFault, response: ServerResponse): Promise<boolean> {
    await this.wait(fault);
    if (fault.reset) response.socket?.destroy();
    if (fault.stall) response.writeHead(200, { 'content-type': 'application/json' }).write('{"kind":');
    if (fault.status) send(response, fault.status, fault.body ?? '', fault.headers);
    return Boolean(fault.reset || fault.stall || fault.status);
  }

  private async wait(fault: ClusterFault | undefined): Promise<void> {
    if (!fault?.wait) return;
    this.waiting += 1;
    await fault.wait;
    this.waiting -= 1;
  }

  private async upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    socket.on('error', () => undefined);
    const fault = this.faults.next(method, url);
    await this.wait(fault);
    const status = openExec({
      request,
      socket,
      webSockets: this.webSockets,
      objects: this.objects,
      kubelet: this.kubelet,
      fault,
      userOf: () => this.userOf(request),
    });
    this.calls.push({ method, path: url, status });
  }

  private userOf({ headers, socket }: IncomingMessage): ClusterUser {
    const tls = socket as TLSSocket;
    const certificateName = tls.authorized ? String(tls.getPeerCertificate().subject?.CN ?? '') : '';
    return authenticate(this.users, { authorization: headers.authorization ?? '', certificateName });
  }
}
