import { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import type { Clock } from '../../platform/clock.ts';
import type { ClusterClient } from './cluster-client.ts';
import { MAIN_CONTAINER } from './pod-objects.ts';

/** Channels of a command's WebSocket: the first byte of each message. Source: the `channel.k8s.io` protocols. */
const STDIN = 0;
const STDOUT = 1;
/** What stands between us and the server may close what is silent; and a server that is gone says nothing. In ms. */
const PING_EVERY_MS = 20_000;

export interface ExecRequest {
  readonly pod: string;
  readonly command: readonly string[];
  readonly tty: boolean;
}

/**
 * Runs a command in the main container, as a stream of what it prints and what it is to read. It ends with the command, and
 * just so with the container or the connection: nothing on the wire tells these apart. Destroying it ends nothing there.
 * Rejects with a `ClusterError` where it cannot be started.
 */
export async function execInPod(client: ClusterClient, clock: Clock, request: ExecRequest): Promise<Duplex> {
  const { pod, command, tty } = request;
  const query = new URLSearchParams({ container: MAIN_CONTAINER, stdin: 'true', stdout: 'true', tty: String(tty) });
  for (const word of command) query.append('command', word);
  return streamOf(await client.exec(pod, query), clock);
}

function streamOf(socket: WebSocket, clock: Clock): Duplex {
  const pings = new AbortController();
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => socket.send(Buffer.concat([Buffer.of(STDIN), chunk]), done),
    destroy: (error, done) => {
      socket.terminate();
      done(error);
    },
  });
  socket.on('message', (message: Buffer) => {
    if (message[0] !== STDOUT || message.length === 1) return;
    if (!stream.push(message.subarray(1))) socket.pause();
  });
  socket.once('close', () => {
    pings.abort();
    stream.push(null);
    stream.end();
  });
  // What follows an error is a close.
  socket.on('error', () => undefined);
  void keepAlive(socket, clock, pings.signal);
  return stream;
}

/** A server that does not answer a ping until the next one is gone. */
async function keepAlive(socket: WebSocket, clock: Clock, signal: AbortSignal): Promise<void> {
  let isAnswered = true;
  socket.on('pong', () => {
    isAnswered = true;
  });
  for (;;) {
    await clock.sleep(PING_EVERY_MS, signal);
    if (signal.aborted) return;
    // While nobody reads, nobody sees the answer either.
    if (!isAnswered && !socket.isPaused) return socket.terminate();
    isAnswered = false;
    socket.ping();
  }
}

/** Runs a command to its end and resolves with what it printed. Its input stays open. */
export async function outputOf(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}
