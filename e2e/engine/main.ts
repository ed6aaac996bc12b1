import { spawn } from 'node:child_process';
import { startTestEngine } from './test-engine.ts';

/*
 * `node scripts/run.mjs e2e/engine/main.ts COMMAND…`: runs a command with a container engine of its own, which DOCKER_HOST
 * leads to.
 */

export async function main([program = '', ...args]: readonly string[]): Promise<number> {
  // Ctrl-C reaches the command and the engine as well; what they leave is tidied up here.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const engine = await startTestEngine();
  try {
    const child = spawn(program, args, { env: { ...process.env, DOCKER_HOST: engine.host }, stdio: 'inherit' });
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    await engine.stop();
  }
}
