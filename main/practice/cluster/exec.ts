import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { spawn as spawnOnTerminal } from '@lydell/node-pty';
import type { WebSocket } from 'ws';
import type { ContainerProcess } from './container-process.ts';

/*
 * A command in a container, over a WebSocket: the first byte of each message is its channel. Recorded from v1.32.5, v5 and v4
 * of channel.k8s.io.
 */

export type ExecProtocol = 'v5.channel.k8s.io' | 'v4.channel.k8s.io';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** v5 only: the byte behind it names the channel that is closed. */
const CLOSE = 255;

/** Above this many bytes that the client has not taken, the command has to wait. */
const HIGH_WATER_BYTES = 1024 * 1024;
const WAIT_MS = 5;

export interface ExecOptions {
  readonly socket: WebSocket;
  readonly protocol: ExecProtocol;
  readonly query: URLSearchParams;
  /** Undefined where it is not running. */
  readonly container: ContainerProcess | undefined;
  readonly containerName: string;
}

/** What runs, whatever it runs on. */
interface Running {
  write(bytes: Buffer): void;
  endInput(): void;
  resize(columns: number, rows: number): void;
}

/** Runs a command for a client that is connected. A client that goes ends nothing: the command runs on. */
export function runExec(options: ExecOptions): void {
  const { socket, query, container } = options;
  const command = query.getAll('command');
  const streams = ['stdin', 'stdout', 'stderr', 'tty'].filter((name) => query.get(name) === 'true');
  send(socket, streams.length > 0 ? STDOUT : ERROR, Buffer.alloc(0));
  const problem = whyRefused(options, streams, command);
  if (problem !== undefined || !container) {
    fail(options, problem ?? '');
    return;
  }
  const onEnd = (exitCode: number) => end(options, command, exitCode);
  const run = query.get('tty') === 'true' ? runOnTerminal : runOnPipes;
  const running = run({ socket, container, command, onEnd });
  if (query.get('stdin') !== 'true') running.endInput();
  socket.on('message', (message: Buffer) => take(message, running));
}

function whyRefused(
  { container, containerName, protocol }: ExecOptions,
  streams: readonly string[],
  command: readonly string[],
): string | undefined {
  if (!container) return `unable to upgrade connection: container not found ("${containerName}")`;
  if (streams.length === 0) return 'unable to upgrade connection: you must specify at least 1 of stdin, stdout, stderr';
  const problem = whyNotStarted(command);
  if (problem === undefined) return undefined;
  const id = randomUUID().replaceAll('-', '');
  const text = `error executing command in container: failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: ${problem}: unknown`;
  return protocol === 'v5.channel.k8s.io' ? `Internal error occurred: ${text}` : text;
}

interface RunOptions {
  readonly socket: WebSocket;
  readonly container: ContainerProcess;
  readonly command: readonly string[];
  readonly onEnd: (exitCode: number) => void;
}

/**
 * In a session of its own, so that Ctrl-C reaches the command alone and not what has brought it into the container: only root
 * may take a terminal over.
 */
const ON_ITS_OWN = process.getuid?.() === 0 ? ['setsid', '--ctty'] : [];
/** Until a client gives it another one. A real terminal has none (0 rows, 0 columns), which the library cannot make. */
const SIZE = { cols: 80, rows: 24 };

function runOnTerminal({ socket, container, command, onEnd }: RunOptions): Running {
  const [file = '', ...args] = container.enter([...ON_ITS_OWN, ...command], { TERM: 'xterm' });
  const terminal = spawnOnTerminal(file, args, { name: 'xterm', ...SIZE, encoding: null });
  terminal.onData((chunk) => {
    // With `encoding: null` these are bytes, whatever the type says.
    send(socket, STDOUT, chunk as unknown as Buffer);
    if (socket.bufferedAmount < HIGH_WATER_BYTES) return;
    terminal.pause();
    whenTaken(socket, () => terminal.resume());
  });
  terminal.onExit(({ exitCode, signal }) => onEnd(signal ? 128 + signal : exitCode));
  return {
    write: (bytes) => terminal.write(bytes as unknown as string),
    // The end of a client's input is no end of a terminal's.
    endInput: () => undefined,
    resize: (columns, rows) => terminal.resize(columns, rows),
  };
}

function runOnPipes({ socket, container, command, onEnd }: RunOptions): Running {
  const [file = '', ...args] = container.enter(command, {});
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  forward(child.stdout, STDOUT, socket);
  forward(child.stderr, STDERR, socket);
  // Only when the last process that holds its outputs has let go of them.
  child.once('close', (code, signal) => onEnd(signal ? 137 : (code ?? 0)));
  const input: Writable = child.stdin;
  input.on('error', () => undefined);
  return { write: (bytes) => void input.write(bytes), endInput: () => void input.end(), resize: () => undefined };
}

function forward(stream: Readable, channel: number, socket: WebSocket): void {
  stream.on('data', (chunk: Buffer) => {
    send(socket, channel, chunk);
    if (socket.bufferedAmount < HIGH_WATER_BYTES) return;
    stream.pause();
    whenTaken(socket, () => stream.resume());
  });
}

function whenTaken(socket: WebSocket, goOn: () => void): void {
  const isGone = socket.readyState !== socket.OPEN;
  if (isGone || socket.bufferedAmount < HIGH_WATER_BYTES / 2) goOn();
  else setTimeout(() => whenTaken(socket, goOn), WAIT_MS);
}

/** Text is taken like bytes; channels that are not there are passed over, and so is input behind its end. */
function take(message: Buffer, running: Running): void {
  const [channel] = message;
  const rest = message.subarray(1);
  if (channel === STDIN) running.write(rest);
  else if (channel === CLOSE && rest[0] === STDIN) running.endInput();
  else if (channel === RESIZE) {
    const { Width = 0, Height = 0 } = JSON.parse(rest.toString()) as { Width?: number; Height?: number };
    if (Width > 0 && Height > 0) running.resize(Width, Height);
  }
}

function end(options: ExecOptions, command: readonly string[], exitCode: number): void {
  if (exitCode === 0) {
    close(options, { metadata: {}, status: 'Success' });
    return;
  }
  const what =
    options.protocol === 'v5.channel.k8s.io'
      ? `command terminated with exit code ${exitCode}`
      : `error executing command [${command.join(' ')}], exit code ${exitCode}`;
  close(options, {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${what}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  });
}

function fail(options: ExecOptions, text: string): void {
  close(options, {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${text}`,
    reason: 'InternalError',
    details: { causes: [{ message: text }] },
    code: 500,
  });
}

function close({ socket }: ExecOptions, status: unknown): void {
  send(socket, ERROR, Buffer.from(JSON.stringify(status)));
  socket.close(1000);
}

function send(socket: WebSocket, channel: number, bytes: Buffer): void {
  if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.of(channel), bytes]));
}

/** In the words of the container runtime. */
function whyNotStarted([program]: readonly string[]): string | undefined {
  if (program === undefined) return 'args must not be empty';
  if (program.includes('/') || FOLDERS.some((folder) => isProgram(`${folder}/${program}`))) return undefined;
  return `unable to start container process: exec: ${JSON.stringify(program)}: executable file not found in $PATH`;
}

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
