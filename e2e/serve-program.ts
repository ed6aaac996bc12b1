import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomInt } from 'node:crypto';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';

export const SERVE_SECRET = 'a-secret-for-tests';

const LOWEST_PORT = 10_000;
const HIGHEST_PORT = 32_000;

/** Makes a certificate for localhost in a folder. */
export function makeCertificate(folder: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

export interface ServingAgent {
  readonly pid: number;
  readonly port: number;
  /** Undefined while it runs; -1 after a signal. */
  exitCode(): number | undefined;
  readonly ended: Promise<number>;
  output(): string;
  signal(name: NodeJS.Signals): void;
}

export interface ServeSettings {
  readonly command: readonly string[];
  readonly flags?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Starts a program with `serve` on a free port of the loopback interface. Resolves when it answers. */
export async function startServing({ command, flags = [], env, cwd }: ServeSettings): Promise<ServingAgent> {
  const { cert, key } = makeCertificate(cwd);
  const port = await freePort();
  const [file = '', ...args] = command;
  const own = ['--auth-token-secret', SERVE_SECRET, '--tls-cert-path', cert, '--tls-key-path', key];
  const child = spawn(file, [...args, 'serve', '--port', String(port), ...own, ...flags], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  let exitCode: number | undefined;
  const ended = new Promise<number>((resolve) => {
    child.on('exit', (code) => {
      exitCode = code ?? -1;
      resolve(exitCode);
    });
  });
  const agent: ServingAgent = {
    pid: child.pid ?? 0,
    port,
    ended,
    exitCode: () => exitCode,
    output: () => Buffer.concat(chunks).toString(),
    signal: (name) => child.kill(name),
  };
  while (exitCode === undefined && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  return agent;
}

async function answers(port: number): Promise<boolean> {
  return callServer(port, { method: 'GET', path: '/is_alive' }).then(
    () => true,
    () => false,
  );
}

export interface ServeCall {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One call over a connection of its own. Rejects where no answer came. */
export function callServer(
  port: number,
  { method, path, headers = {}, body }: ServeCall,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false, rejectUnauthorized: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** A token as callers of `serve` make them. */
export function signToken(
  claims: Readonly<Record<string, unknown>> = {},
  { secret = SERVE_SECRET, algorithm = 'HS256' } = {},
): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`;
  if (algorithm === 'none') return `${signed}.`;
  return `${signed}.${createHmac(`sha${algorithm.slice(2)}`, secret)
    .update(signed)
    .digest('base64url')}`;
}

/**
 * A port on which nobody listens, below those that systems give to whoever connects: between our look and the agent's start
 * one of those would be taken by any client on a busy machine.
 */
async function freePort(): Promise<number> {
  const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
}
