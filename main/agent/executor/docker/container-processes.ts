import type Docker from 'dockerode';
import { killCommand, ladderCommand, readRung } from '../container-ladder.ts';
import type { StopRung } from '../executor.ts';

/** Ends what runs in a container. `shells`: process ids, as the container sees them, of shells that SIGHUP ends. */
export async function endContainerProcesses(container: Docker.Container, shells: readonly number[]): Promise<StopRung> {
  const rung = readRung(await execute(container, ladderCommand(shells)));
  if (!rung) throw new Error('the stop could not be run in the container');
  return rung;
}

/** Kills what runs in a container at once. */
export async function killContainerProcesses(container: Docker.Container): Promise<void> {
  await execute(container, killCommand());
}

/** Runs a command in the container, as root, and resolves with what it printed. Its input stays open. */
async function execute(container: Docker.Container, command: readonly string[]): Promise<string> {
  const exec = await container.exec({
    Cmd: [...command],
    User: '0',
    AttachStdin: true,
    AttachStdout: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const end = () => {
      resolve(Buffer.concat(chunks).toString('latin1'));
      stream.destroy();
    };
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', end);
    stream.once('end', end);
    stream.once('close', end);
  });
}
