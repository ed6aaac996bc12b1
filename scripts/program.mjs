import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const CLI = join('dist', 'cli.cjs');

/** A program that was asked to end has so long, in ms; what is not gone then is killed. Longer than a job's own stop takes. */
const END_MS = 20_000;

/**
 * One of our commands and its lines: `onLine` gets those to come, `line` waits for one that matches and rejects when the
 * program ends without it. It leads a session of its own, so that Ctrl-C reaches us alone and the order of ending is ours.
 */
export function startProgram(args, env) {
  const child = spawn(process.execPath, [CLI, ...args], {
    env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const listeners = new Set();
  const ended = new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    for (const listener of [...listeners]) listener(line);
  });
  return {
    ended,
    onLine: (listener) => listeners.add(listener),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line) => {
          const match = pattern.exec(line);
          if (match) resolve(match[1]);
        };
        listeners.add(look);
        void ended.then((code) => reject(new Error(`signalbox ${args[0]} ended early, with exit code ${code}`)));
      }),
    end: () => end(child, ended),
  };
}

/** Two different signals: of two equal ones the second could be lost, and the agent leaves at once only at the second. */
async function end(child, ended) {
  child.kill('SIGTERM');
  child.kill('SIGINT');
  const limit = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await ended;
  clearTimeout(limit);
}
