import { createHash } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { ApiFailure, badRequest } from './api-failure.ts';
import type { ClusterFault } from './cluster-faults.ts';
import { type ExecProtocol, runExec } from './exec.ts';
import type { Kubelet } from './kubelet.ts';
import type { Objects } from './objects.ts';
import type { Pod } from './pods.ts';
import { authorize, type ClusterUser } from './users.ts';

const PATH = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/exec$/;
const PROTOCOLS: readonly ExecProtocol[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** RFC 6455. */
const ACCEPT_KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface UpgradeOptions {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly webSockets: WebSocketServer;
  readonly objects: Objects;
  readonly kubelet: Kubelet;
  readonly fault: ClusterFault | undefined;
  readonly userOf: () => ClusterUser;
}

/** Answers a WebSocket handshake for exec and runs its command. Returns the status of the answer. */
export function openExec(options: UpgradeOptions): number {
  const { request, socket, fault } = options;
  if (fault?.reset) {
    socket.destroy();
    return 0;
  }
  try {
    if (fault?.status) throw new ApiFailure({ code: fault.status, message: String(fault.body ?? '') });
    const url = new URL(request.url ?? '/', 'https://cluster');
    const [, namespace = '', name = ''] = PATH.exec(url.pathname) ?? [];
    const user = options.userOf();
    authorize(user, { verb: 'get', resource: 'pods/exec', namespace, name });
    const pod = options.objects.get('pods', namespace, name) as Pod;
    const container = checkContainer(pod, url.searchParams);
    return accept(options, { pod, container, query: url.searchParams });
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return refuse(socket, error.code, JSON.stringify(error.status), 'application/json');
  }
}

/** The container that is meant. Throws where that is not clear, or it cannot be. */
function checkContainer({ metadata: { name }, spec }: Pod, query: URLSearchParams): string {
  const names = spec.containers.map((one) => one.name);
  const wanted = query.get('container') ?? '';
  if (wanted === '' && names.length > 1)
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  if (wanted !== '' && !names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  if (!spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  return wanted || (names[0] ?? '');
}

interface Meant {
  readonly pod: Pod;
  readonly container: string;
  readonly query: URLSearchParams;
}

function accept({ request, socket, webSockets, kubelet }: UpgradeOptions, { pod, container, query }: Meant): number {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  const protocol = PROTOCOLS.find((one) => offered.includes(one));
  if (offered.join('') === '') return acceptWithoutProtocol(request, socket);
  if (!protocol) return refuse(socket, 403, '', 'text/plain');
  const found = kubelet.find(pod, container);
  // v4 asks the node before it answers, v5 afterwards.
  if (protocol === 'v4.channel.k8s.io') {
    const problem = whyRefused(found !== undefined, container, query);
    if (problem) return refuse(socket, problem.status, problem.text, 'text/plain');
  }
  webSockets.options.handleProtocols = () => protocol;
  webSockets.handleUpgrade(request, socket, Buffer.alloc(0), (webSocket) =>
    runExec({ socket: webSocket, protocol, query, container: found, containerName: container }),
  );
  return 101;
}

function whyRefused(isRunning: boolean, container: string, query: URLSearchParams) {
  if (!isRunning) return { status: 500, text: `container not found ("${container}")` };
  const streams = ['stdin', 'stdout', 'stderr'].some((name) => query.get(name) === 'true');
  return streams ? undefined : { status: 400, text: 'you must specify at least 1 of stdin, stdout, stderr' };
}

/** 101 with an empty protocol, then nothing: what a client without a protocol gets. */
function acceptWithoutProtocol(request: IncomingMessage, socket: Duplex): number {
  const key = `${request.headers['sec-websocket-key'] ?? ''}${ACCEPT_KEY}`;
  const accepted = createHash('sha1').update(key).digest('base64');
  const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accepted}`];
  socket.end(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Protocol: \r\n\r\n`);
  return 101;
}

function refuse(socket: Duplex, status: number, body: string, type: string): number {
  const headers = [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  return status;
}
