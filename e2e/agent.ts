import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PracticeHub } from '../main/practice/practice-hub.ts';

export interface StartedAgent {
  readonly pid: number;
  /** Resolves with the exit code, -1 after a signal. */
  readonly ended: Promise<number>;
  /** All that it wrote so far. */
  output(): string;
}

export interface AgentSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** Instead of the practice hub's own address, and with TLS: the test sees to the way there. */
  readonly endpoint?: string;
  /** A program that is given the agent as its arguments. */
  readonly wrapper?: readonly string[];
  /** Also show what it writes. */
  readonly show?: boolean;
}

/**
 * Starts the built agent on a practice hub, with its home and temp folder within `work` and nothing of this process's
 * environment but the path.
 */
export function startAgent(
  hub: PracticeHub,
  work: string,
  { env = {}, flags = [], show = false, endpoint, wrapper = [] }: AgentSettings = {},
): StartedAgent {
  const home = join(work, 'home');
  const temp = join(work, 'tmp');
  for (const folder of [home, temp]) mkdirSync(folder, { recursive: true });
  const place = endpoint === undefined ? [hub.endpoint, '--no-https'] : [endpoint];
  const start = [process.execPath, join('dist', 'cli.cjs'), 'start', '--endpoint', ...place, ...flags];
  const [program = '', ...args] = [...wrapper, ...start];
  const child = spawn(program, args, {
    env: {
      PATH: outerPath(),
      HOME: home,
      TMPDIR: temp,
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      SEMAPHORE_AGENT_TOKEN: hub.registrationToken,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (show) process.stdout.write(chunk);
    });
  }
  return {
    pid: child.pid ?? 0,
    ended: new Promise((resolve) => child.on('exit', (code) => resolve(code ?? -1))),
    output: () => Buffer.concat(chunks).toString(),
  };
}

/** The path without what npm puts before it: a job must not find the programs of this folder. */
function outerPath(): string {
  return (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules') && !folder.includes('node-gyp-bin'))
    .join(':');
}
