import { type ChildProcess, spawn } from 'node:child_process';
import { platform } from 'node:os';
import type { Clock, Timer } from './clock.ts';

/** Of a program's output, this much is kept, in bytes. */
const MOST_OUTPUT = 64 * 1024;
/** Who is told to end has a moment to tidy up, in ms. */
const GRACE_MS = 2_000;
/** What the program started may hold its output open: so long is waited for the rest of it, in ms. */
const LAST_OUTPUT_MS = 500;

export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** After so many ms it is ended, with all that it started: asked first, then killed. */
  readonly limitMs: number;
  readonly clock: Clock;
  /** Ends it before its time. */
  readonly signal?: AbortSignal | undefined;
  /** Gets what it writes as it comes, however much that is. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** How a program ended. `failure`: why it did not do what it should; undefined for exit code 0. */
export interface ProgramEnd {
  readonly failure: string | undefined;
  /** -1 where it did not end by itself. */
  readonly exitCode: number;
  readonly timedOut: boolean;
  /** Its output and its errors, line by line; the begin of them where they are long. */
  readonly lines: readonly string[];
}

/** Runs a program without input, in a process group of its own. Resolves when it ended, however that came; never rejects. */
export async function runProgram(call: ProgramCall): Promise<ProgramEnd> {
  const { program, args, env, limitMs, clock, signal, onOutput } = call;
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = new Output(child, onOutput);
  const timers: Timer[] = [];
  const endIt = () => {
    sendToGroup(child, 'SIGTERM');
    timers.push(clock.startTimer(GRACE_MS, () => sendToGroup(child, 'SIGKILL')));
  };
  let timedOut = false;
  timers.push(
    clock.startTimer(limitMs, () => {
      timedOut = true;
      endIt();
    }),
  );
  if (signal?.aborted) endIt();
  signal?.addEventListener('abort', endIt);
  const end = await ended(child, clock);
  signal?.removeEventListener('abort', endIt);
  for (const timer of timers) timer.cancel();
  return { ...end, timedOut, lines: output.lines() };
}

/** Keeps the begin of what a process writes. */
class Output {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(child: ChildProcess, onOutput: ProgramCall['onOutput']) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.keep(chunk);
        onOutput?.(chunk);
      });
  }

  private keep(chunk: Buffer): void {
    if (this.size < MOST_OUTPUT) this.chunks.push(chunk);
    this.size += chunk.length;
  }

  lines(): readonly string[] {
    const text = Buffer.concat(this.chunks).subarray(0, MOST_OUTPUT).toString().trimEnd();
    return text === '' ? [] : text.split('\n');
  }
}

function ended(child: ChildProcess, clock: Clock): Promise<Pick<ProgramEnd, 'failure' | 'exitCode'>> {
  return new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ failure: `could not be started (${error.code ?? 'unknown'})`, exitCode: -1 }),
    );
    child.on('exit', (code, signal) => {
      const finish = () => {
        rest.cancel();
        child.stdout?.destroy();
        child.stderr?.destroy();
        const failure = code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`;
        resolve({ failure, exitCode: code ?? -1 });
      };
      const rest = clock.startTimer(LAST_OUTPUT_MS, finish);
      child.on('close', finish);
    });
  });
}

function sendToGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(platform() === 'win32' ? pid : -pid, signal);
  } catch {
    // It has just ended by itself.
  }
}
