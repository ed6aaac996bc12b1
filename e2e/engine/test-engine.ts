import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** An engine is ready in a second; one that is not after this never is. In ms. */
const READY_LIMIT_MS = 60_000;
const LOOK_MS = 50;
const LAST_LINES = 20;
const HELD = ['container', 'image', 'network', 'volume'];

/** A container engine of a test's own, with the images of the tests in it. */
export interface TestEngine {
  /** What DOCKER_HOST is to be. */
  readonly host: string;
  /** Runs the `docker` program on it and resolves with what it printed. Rejects where that fails. */
  docker(...args: readonly string[]): Promise<string>;
  /** What it holds, a line each: containers, images, networks and volumes, in the same order whenever it holds the same. */
  holds(): Promise<readonly string[]>;
  /** Ends it as a power cut would: what ran in it is left behind. */
  kill(): Promise<void>;
  /** Lets it take calls and answer none, until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  /** Ends it, with everything in it. */
  stop(): Promise<void>;
}

export interface TestEngineOptions {
  /** Its disk has room for so many bytes, its images included; else it is as large as the machine's. */
  readonly diskBytes?: number;
}

/**
 * Starts an engine: own data, own socket, own process, own namespace. One that is there already is never touched, and neither
 * are the machine's bridges and packet filters. Needs root. Rejects with the engine's last lines where it does not start.
 */
export async function startTestEngine({ diskBytes }: TestEngineOptions = {}): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  if (diskBytes !== undefined) await mountDisk(join(folder, 'data'), diskBytes);
  const host = `unix://${join(folder, 'docker.sock')}`;
  let daemon = await startDaemon(folder);
  const engine: TestEngine = {
    host,
    docker: (...args) => output('docker', args, { ...process.env, DOCKER_HOST: host }),
    async holds() {
      const lists = HELD.map(async (kind) => {
        const ids = await engine.docker(kind, 'ls', '--quiet', ...(kind === 'container' ? ['--all'] : []));
        return ids.split('\n').map((id) => `${kind} ${id}`);
      });
      return (await Promise.all(lists)).flat().sort();
    },
    kill: () => daemon.end('SIGKILL'),
    freeze: () => daemon.signal('SIGSTOP'),
    thaw: () => daemon.signal('SIGCONT'),
    async restart() {
      daemon = await startDaemon(folder);
    },
    async stop() {
      // Only an engine that runs can end what it started.
      if (daemon.over()) await engine.restart();
      await daemon.end('SIGTERM');
      await unmountAll(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  try {
    await output('bash', [join('e2e', 'engine', 'make-images.sh')], { ...process.env, DOCKER_HOST: host });
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

interface Daemon {
  over(): boolean;
  signal(signal: NodeJS.Signals): void;
  end(signal: NodeJS.Signals): Promise<void>;
}

async function startDaemon(folder: string): Promise<Daemon> {
  for (const name of ['data', 'exec']) mkdirSync(join(folder, name), { recursive: true });
  // What one that was killed has left, and would keep the next one waiting: its helper died with it.
  const left = ['docker.sock', 'docker.pid', join('exec', 'containerd', 'containerd.pid')];
  for (const name of left) rmSync(join(folder, name), { force: true });
  const namespace = `signalbox-${basename(folder)}`;
  const child = spawn(
    'dockerd',
    [
      `--data-root=${join(folder, 'data')}`,
      `--exec-root=${join(folder, 'exec')}`,
      `--pidfile=${join(folder, 'docker.pid')}`,
      `--host=unix://${join(folder, 'docker.sock')}`,
      `--containerd-namespace=${namespace}`,
      `--containerd-plugins-namespace=${namespace}-plugins`,
      '--bridge=none',
      '--iptables=false',
      '--ip6tables=false',
      '--ip-forward=false',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines = lastLinesOf(child);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      lines.push(error.message);
      resolve();
    });
    child.once('exit', () => resolve());
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const daemon: Daemon = {
    over: () => over,
    signal: (signal) => void child.kill(signal),
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
  for (const since = performance.now(); !over && performance.now() - since < READY_LIMIT_MS; await sleep(LOOK_MS)) {
    if (await answers(join(folder, 'docker.sock'))) return daemon;
  }
  await daemon.end('SIGKILL');
  throw new Error(`The container engine did not start. Its last lines:\n${lines.join('')}`);
}

/** A disk of its own, in memory; it is unmounted with whatever else is in the engine's folder. */
async function mountDisk(path: string, bytes: number): Promise<void> {
  mkdirSync(path);
  await output('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], process.env);
}

/** An engine listens before it answers: one that was killed first looks through what it has. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = get({ socketPath, path: '/_ping', timeout: READY_LIMIT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('error', () => resolve(false));
  });
}

function lastLinesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      lines.push(chunk.toString());
      if (lines.length > LAST_LINES) lines.shift();
    });
  }
  return lines;
}

/** One that was killed does not remember, when it ends the next time, what it had mounted. Linux only, as the engine. */
async function unmountAll(folder: string): Promise<void> {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of points.reverse()) await output('umount', ['--lazy', point], process.env);
}

function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ${args.join(' ')}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}
