import { type ChildProcess, spawn } from 'node:child_process';

/** A program that runs in the background, and what it said when it was ready. */
export interface Daemon {
  readonly process: ChildProcess;
  readonly line: string;
}

/** Starts a daemon; ready when it has written its line to one of its descriptors. */
export function startDaemon([program = '', ...args]: readonly string[], descriptor: number): Promise<Daemon> {
  return new Promise((resolve, reject) => {
    const stdio = [0, 1, 2, 3]
      .slice(0, Math.max(3, descriptor + 1))
      .map((n) => (n === descriptor ? 'pipe' : 'ignore') as 'pipe' | 'ignore');
    const process = spawn(program, args, { stdio });
    let text = '';
    process.once('error', reject);
    process.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    process.stdio[descriptor]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve({ process, line: text.trim() });
    });
  });
}
