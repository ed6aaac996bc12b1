import { Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { hastenLadder, killCommand, ladderCommand, readRung } from '../container-ladder.ts';
import type { StopRung } from '../executor.ts';
import type { ContainerUser } from './container-files.ts';
import { isStatus } from './engine-problem.ts';

export interface EndOptions {
  /** Process ids, as the container sees them, of shells that SIGHUP ends. */
  readonly shells: readonly number[];
  /** Aborted when nobody has patience any more: the grace is over then. */
  readonly hurry: AbortSignal | undefined;
}

/** Ends what runs in a container. */
export async function endContainerProcesses(
  container: Docker.Container,
  { shells, hurry }: EndOptions,
): Promise<StopRung> {
  const ladder = await execute(container, ladderCommand(shells));
  hastenLadder(ladder, hurry);
  const rung = readRung(await outputOf(ladder));
  if (!rung) throw new Error('the stop could not be run in the container');
  return rung;
}

/** Kills what runs in a container at once. */
export async function killContainerProcesses(container: Docker.Container): Promise<void> {
  await outputInContainer(container, killCommand());
}

/** Runs a command in the container, as root, and resolves with what it has printed. */
export async function outputInContainer(container: Docker.Container, command: readonly string[]): Promise<string> {
  return outputOf(await execute(container, command));
}

/** Runs a command in the container, as a user there, as a stream of what it prints and what it is to read. */
export async function converseInContainer(
  container: Docker.Container,
  command: readonly string[],
  { uid, gid }: ContainerUser,
): Promise<Duplex> {
  const stream = await execute(container, command, `${uid}:${gid}`);
  const printed = new PassThrough();
  container.modem.demuxStream(stream, printed, printed);
  for (const over of ['end', 'close']) stream.once(over, () => printed.end());
  return Duplex.from({ readable: printed, writable: stream });
}

/** Runs a command in the container as a stream of what it prints, in the engine's frames. Its input stays open. */
async function execute(container: Docker.Container, command: readonly string[], user = '0'): Promise<Duplex> {
  const make = () => container.exec({ Cmd: [...command], User: user, AttachStdin: true, AttachStdout: true });
  const exec = await make().catch(async (error: unknown) => {
    // Nothing can run in a container that somebody has paused, and nothing in it ends.
    if (!isStatus(error, 409)) throw error;
    await container.unpause();
    return make();
  });
  return exec.start({ hijack: true, stdin: true });
}

/** All that a command prints, or has printed when its stream is cut off. */
function outputOf(stream: Duplex): Promise<string> {
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
