import { spawn } from 'node:child_process';
import type { Clock } from './clock.ts';

/** Of a program's output, this much is kept, in bytes. */
const MOST_OUTPUT = 64 * 1024;

export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** After so many ms it is killed, with all that it started. */
  readonly limitMs: number;
  readonly clock: Clock;
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
export function runProgram({ program, args, env, limitMs, clock }: ProgramCall): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const chunks: Buffer[] = [];
    let size = 0;
    const keep = (chunk: Buffer) => {
      if (size < MOST_OUTPUT) chunks.push(chunk);
      size += chunk.length;
    };
    let timedOut = false;
    const finish = (failure: string | undefined, exitCode: number) => {
      limit.cancel();
      const output = Buffer.concat(chunks).subarray(0, MOST_OUTPUT).toString().trimEnd();
      resolve({ failure, exitCode, timedOut, lines: output === '' ? [] : output.split('\n') });
    };
    const limit = clock.startTimer(limitMs, () => {
      timedOut = true;
      killGroup(child.pid);
    });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error: NodeJS.ErrnoException) =>
      finish(`could not be started (${error.code ?? 'unknown'})`, -1),
    );
    child.on('close', (code, signal) =>
      finish(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`, code ?? -1),
    );
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
