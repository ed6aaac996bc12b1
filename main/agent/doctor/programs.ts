import { execFile } from 'node:child_process';

/** How a program ended that was only asked something. */
export interface Asked {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Nothing that is asked here takes long; a program that hangs is not waited for. In ms. */
const LIMIT_MS = 10_000;

/** Runs a program without a shell. `exitCode` is undefined where it could not be started, or did not end. */
export function ask(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Asked> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      [...args],
      { env, timeout: LIMIT_MS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
        resolve({ exitCode, output: `${stdout}${stderr}`.trim() });
      },
    );
    child.stdin?.end();
  });
}
