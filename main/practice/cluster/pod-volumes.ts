import type { ContainerMount } from './container-process.ts';
import type { Objects } from './objects.ts';
import type { Container, Pod } from './pods.ts';
import type { SecretObject } from './secrets.ts';

/** What an event tells of a secret that a pod mounts and that is not there. */
export function missingSecret(
  objects: Objects,
  { metadata: { namespace }, spec: { volumes = [] } }: Pod,
): string | undefined {
  for (const { name, secret } of volumes)
    if (secret && !secret.optional && !objects.has('secrets', namespace, secret.secretName))
      return `MountVolume.SetUp failed for volume "${name}" : secret "${secret.secretName}" not found`;
  return undefined;
}

/** The secrets that a container mounts; they are there. */
export function mountsOf(
  objects: Objects,
  { metadata: { namespace }, spec: { volumes = [] } }: Pod,
  container: Container,
): ContainerMount[] {
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const secret = volumes.find((volume) => volume.name === name)?.secret;
    if (!secret) return [];
    const found = objects.get('secrets', namespace, secret.secretName) as SecretObject;
    const files = Object.entries(found.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
    return [{ path: mountPath, files: Object.fromEntries(files), mode: secret.defaultMode ?? 0o644 }];
  });
}
