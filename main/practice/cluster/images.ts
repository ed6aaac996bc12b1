import type { Container } from './pods.ts';

/** What the node knows of an image. */
export interface Image {
  /** Programs that are not in it. */
  readonly lacks?: readonly string[];
  /** What it runs where the pod does not say; bash unless told. */
  readonly command?: readonly string[];
  /** The image is there when this has resolved: a pull that takes its time. */
  readonly pulled?: Promise<void>;
}

export type Images = ReadonlyMap<string, Image>;

/** Those of the recordings. */
export const RECORDED_IMAGES: Images = new Map([
  ['conformance-base:1', {}],
  ['conformance-nobash:1', { lacks: ['bash'] }],
]);

/** Why a container waits for its image. */
export interface ImageProblem {
  readonly reason: 'ErrImagePull' | 'ImagePullBackOff' | 'ErrImageNeverPull' | 'InvalidImageName';
  readonly message: string;
}

/** Resolves when the image is there, or with why it never will be. Texts: recorded from containerd 1.6. */
export async function findImage(
  images: Images,
  { image, imagePullPolicy }: Pick<Container, 'image' | 'imagePullPolicy'>,
): Promise<ImageProblem | undefined> {
  const invalid = whyInvalid(image);
  if (invalid !== undefined) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format${invalid}`;
    return { reason: 'InvalidImageName', message };
  }
  const found = images.get(image);
  if (found) {
    await found.pulled;
    return undefined;
  }
  if (imagePullPolicy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    return { reason: 'ErrImageNeverPull', message };
  }
  return { reason: 'ErrImagePull', message: pullFailure(image) };
}

/** What a pull that failed becomes while the node waits to try it again; nothing else changes. */
export function backOff(problem: ImageProblem, container: Container | undefined): ImageProblem {
  if (problem.reason !== 'ErrImagePull') return problem;
  const message = `Back-off pulling image "${container?.image}": ErrImagePull: ${problem.message}`;
  return { reason: 'ImagePullBackOff', message };
}

function whyInvalid(image: string): string | undefined {
  const path = image.replace(/^[^/]+\.[^/]*\/|^[^/]+:\d+\//, '').replace(/:[\w.-]+$/, '');
  const upper = path.split('/').find((part) => /[A-Z]/.test(part) && !/\s/.test(part));
  if (upper !== undefined) return `: repository name (${upper}) must be lowercase`;
  return /^[a-z0-9._/-]+(@sha256:[0-9a-f]{64})?$/.test(path) ? undefined : '';
}

function pullFailure(image: string): string {
  const [, host = 'registry.invalid', path = image, tag = 'latest'] =
    /^([^/]+[.:][^/]*)\/(.+?)(?::([\w.-]+))?$/.exec(image) ?? [];
  return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "http://${host}/v2/${path}/manifests/${tag}": dial tcp ${host}: connect: connection refused`;
}
