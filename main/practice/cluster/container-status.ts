import { randomUUID } from 'node:crypto';
import { timestamp } from './objects.ts';
import type { Container, ContainerState, ContainerStatus } from './pods.ts';

/** Before its image and its folders are there. */
export const WAITING: ContainerState = { waiting: { reason: 'ContainerCreating' } };

/** A container's part of a pod's status. */
export function statusOfContainer(container: Container, state: ContainerState, containerID?: string): ContainerStatus {
  const { name, image } = container;
  const isRunning = state.running !== undefined;
  const common = { name, state, lastState: {}, ready: isRunning, restartCount: 0, started: isRunning };
  const mounts = container.volumeMounts?.map((mount) => ({
    ...mount,
    ...(mount.readOnly ? { recursiveReadOnly: 'Disabled' } : {}),
  }));
  const mounted = mounts ? { volumeMounts: mounts } : {};
  if (state.waiting) return { ...common, image, imageID: '', ...mounted };
  const full = image.includes('/') ? image : `docker.io/library/${image}`;
  const imageID = `sha256:${Buffer.from(full).toString('hex').padEnd(64, '0').slice(0, 64)}`;
  return { ...common, image: full, imageID, containerID, ...mounted };
}

/** As containerd's look; no two are the same. */
export function createContainerId(): string {
  return `containerd://${randomUUID().replaceAll('-', '')}`;
}

/** The state of a container that is over, or could not begin. */
export function endedState(end: {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  readonly containerID: string;
}): ContainerState {
  return { terminated: { ...end, startedAt: timestamp(), finishedAt: timestamp() } };
}

/** What the container runtime says of a program that is not in the image. */
export function startError(program: string): string {
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ${JSON.stringify(program)}: executable file not found in $PATH: unknown`;
}
