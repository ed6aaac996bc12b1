import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { WebSocket } from 'ws';
import type { StandInCluster } from '../api-server.ts';
import type { Bindings, Exchange, Frame } from './recording.ts';

/*
 * Plays a recorded exchange against a server, with raw HTTP and WebSockets: it knows nothing of the executor.
 */

/** Until a line of a watch, or the answer to a frame, must have come, in ms: it never takes so long unless something is wrong. */
const FRAME_LIMIT_MS = 30_000;

export interface ReplayTarget {
  readonly cluster: StandInCluster;
  readonly ca: string;
  readonly bindings: Bindings;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A plain call. */
export async function call(exchange: Exchange, target: ReplayTarget): Promise<Answer> {
  const response = await open(exchange, target);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() };
}

/** A watch: its lines as they come. `came` resolves when there are so many of them. */
export async function openWatch(exchange: Exchange, target: ReplayTarget) {
  const response = await open(exchange, target);
  const events: unknown[] = [];
  let rest = '';
  let news: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    response.once('close', resolve);
  });
  response.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString()}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) events.push(JSON.parse(line));
    news();
  });
  const came = (count: number) =>
    waitUntil(
      () => events.length >= count,
      (watcher) => (news = watcher),
    );
  return { events, ended, came, close: () => response.destroy() };
}

function open({ request: { method, path, user, headers, body } }: Exchange, target: ReplayTarget) {
  const { cluster, ca, bindings } = target;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const content = text?.replaceAll(/\{\{(\d+) times x\}\}/g, (_, times: string) => 'x'.repeat(Number(times)));
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(`${cluster.url}${bindings.fill(path)}`, {
      method,
      ca,
      headers: {
        accept: 'application/json',
        ...(content === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content)) }),
        ...(user ? { authorization: `Bearer ${user}` } : {}),
        ...headers,
      },
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(content);
  });
}

/** What a session over a WebSocket was like. */
export interface ExecSeen {
  readonly status: number;
  readonly protocol: string | undefined;
  /** What came on each channel, joined. */
  readonly channels: Map<number, Buffer>;
  readonly firstChannel: number | undefined;
  readonly closeCode: number | undefined;
  readonly refusal: string;
}

/** Opens a session, sends what the client sent when it had seen what it had seen, and waits for its end. */
export function exec(
  exchange: Exchange,
  target: ReplayTarget,
  onNote: (note: string) => Promise<void>,
): Promise<ExecSeen> {
  const { path, user, protocols = [] } = exchange.request;
  const socket = new WebSocket(
    `${target.cluster.url.replace('https', 'wss')}${target.bindings.fill(path)}`,
    protocols as string[],
    {
      ca: target.ca,
      headers: user ? { authorization: `Bearer ${user}` } : {},
    },
  );
  const channels = new Map<number, Buffer>();
  let firstChannel: number | undefined;
  let news: () => void = () => undefined;
  socket.on('message', (message: Buffer) => {
    const [channel = -1] = message;
    firstChannel ??= channel;
    channels.set(channel, Buffer.concat([channels.get(channel) ?? Buffer.alloc(0), message.subarray(1)]));
    news();
  });
  return new Promise((resolve) => {
    const common = { protocol: undefined, channels, firstChannel: undefined, closeCode: undefined, refusal: '' };
    socket.once('unexpected-response', (_, response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({ ...common, status: response.statusCode ?? 0, refusal: Buffer.concat(chunks).toString() }),
      );
    });
    socket.once('error', (error) => resolve({ ...common, status: 0, refusal: error.message }));
    socket.once('close', (closeCode) =>
      resolve({ ...common, status: 101, protocol: socket.protocol, firstChannel, closeCode }),
    );
    socket.once('open', () => {
      const wait = (test: () => boolean) =>
        waitUntil(
          () => test() || socket.readyState !== socket.OPEN,
          (watcher) => (news = watcher),
        );
      void playClient(exchange.frames ?? [], { socket, channels, wait, onNote }).then(() => {
        // No frame was recorded of it.
        if (exchange.note?.startsWith('client closes')) socket.close(1000);
      });
    });
  });
}

interface Play {
  readonly socket: WebSocket;
  readonly channels: ReadonlyMap<number, Buffer>;
  readonly wait: (test: () => boolean) => Promise<void>;
  readonly onNote: (note: string) => Promise<void>;
}

async function playClient(frames: readonly Frame[], { socket, channels, wait, onNote }: Play): Promise<void> {
  // What came last before the client went on, and where on its channel to look for it.
  let last: { readonly channel: number; readonly text: string; readonly from: number } | undefined;
  let marks = new Map<number, number>();
  const come = () => wait(() => !last || hasCome(channels.get(last.channel), last));
  for (const frame of frames) {
    if (frame.from === 'server' && frame.channel !== undefined && frame.channel < 3) {
      const { channel } = frame;
      // What readline draws anew after a change of size may not come at all.
      if (/^\r *\r/.test(frame.text ?? '')) continue;
      last = { channel, text: bytesOf(frame).toString('latin1'), from: marks.get(channel) ?? 0 };
    } else if (frame.from === 'client' || frame.note !== undefined) {
      await come();
      last = undefined;
      marks = new Map([...channels].map(([channel, bytes]) => [channel, bytes.length]));
      if (frame.note !== undefined) await playNote(frame.note, socket, onNote);
      else if (frame.control === 'ping') socket.ping(frame.text);
      else socket.send(Buffer.concat([Buffer.of(frame.channel ?? 0), bytesOf(frame)]));
    }
  }
  await come();
}

function hasCome(bytes: Buffer | undefined, { text, from }: { readonly text: string; readonly from: number }): boolean {
  return bytes?.toString('latin1').includes(text, from) ?? false;
}

/**
 * Output without what depends on time: what readline draws anew after a change of size, and that the terminal itself shows a
 * line that is typed before readline is there, which then shows it again.
 */
export function shown(bytes: Buffer = Buffer.alloc(0)): string {
  const steady = bytes.toString('latin1').replaceAll(/\r *\r|bash-[\d.]+# /g, '');
  return steady.replaceAll(/^(.*\r\n)\1+/gm, '$1');
}

async function playNote(note: string, socket: WebSocket, onNote: Play['onNote']): Promise<void> {
  const [, count = '1', size] = /^client sends (?:(\d+) frames of )?(\d+) bytes/.exec(note) ?? [];
  if (size) {
    for (let sent = 0; sent < Number(count); sent += 1) socket.send(Buffer.alloc(Number(size) + 1));
  } else if (note.startsWith('client sends the text frame')) socket.send('\u0000hello\n');
  else if (/^(?:client closes|close frame)/.test(note)) socket.close(1000);
  else if (note === 'connection cut') socket.terminate();
  else await onNote(note);
}

/** What a frame carries. */
export function bytesOf({ text, base64 }: Frame): Buffer {
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
}

function waitUntil(test: () => boolean, onNews: (watcher: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('what was to come did not come')), FRAME_LIMIT_MS);
    const look = () => {
      if (!test()) return;
      clearTimeout(limit);
      resolve();
    };
    onNews(look);
    look();
  });
}
