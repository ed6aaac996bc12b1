import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { isOn } from '../config/command-line.ts';
import type { RunCommand } from './command-end.ts';

/** `signalbox practice job.yml…`: the practice hub is a program of its own; this starts it and waits for its end. */
export const practice: RunCommand = ({ flags, files }) => {
  const texts = flags.filter(({ name }) => name !== 'exit-when-done').map(({ name, text }) => `--${name}=${text}`);
  const args = isOn(flags, 'exit-when-done') ? [...texts, '--exit-when-done'] : texts;
  const child = spawn(process.execPath, [join(__dirname, 'practice.cjs'), ...args, '--', ...files], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', () => resolve({ exitCode: 1, problem: 'The practice hub could not be started' }));
    child.on('close', (code) => resolve({ exitCode: code ?? 1 }));
  });
};
