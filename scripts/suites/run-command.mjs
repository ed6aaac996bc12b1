import { spawn } from 'node:child_process';

/** Runs a command, shows what it prints, and keeps the end of it. Resolves with the exit code and the last lines. */
export function runCommand(command, { env = process.env, cwd = process.cwd() } = {}) {
  const [program, ...args] = command;
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.on('data', (chunk) => {
      target.write(chunk);
      tail = (tail + chunk).slice(-4_000);
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, lines: [error.message] }));
    child.on('close', (code) => resolve({ code: code ?? 1, lines: tail.trimEnd().split('\n') }));
  });
}
