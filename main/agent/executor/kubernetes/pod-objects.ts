import type { JobFile, JobRequest } from '../../job/job-request.ts';
import { decodeBase64 } from '../../job/variables.ts';
import { wordsOf } from '../shell-words.ts';
import { listOf, type Parts, type PodTemplate } from './pod-template.ts';

/*
 * What is made for a job in a cluster, as plain objects of the API. Names and forms: those of the reference agent. The
 * specification of the ConfigMap lies under all of it.
 */

/** Where the secret with variables and files is in the main container. */
export const INJECTED_FOLDER = '/tmp/injected';
export const MAIN_CONTAINER = 'main';
const VOLUME = 'environment';
/** Of a secret's contents together, in bytes: what the API takes. */
const SECRET_LIMIT_BYTES = 1_048_576;

/** Labels and annotations for everything that is made for a job. */
export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Of the secret with variables and files. */
export function secretName(jobId: string): string {
  return `semaphore-job-${jobId}-secret`;
}

/** Of the secret that pulls images. */
export function pullSecretName(jobId: string): string {
  return `semaphore-job-${jobId}-image-pull-secret`;
}

/** Of the pod, as with the reference agent: whoever looks for the job finds it by its id. */
export function podName(jobId: string): string {
  return `semaphore-job-${jobId}`;
}

/** The key of a file in the secret. */
export function fileKey(path: string): string {
  return Buffer.from(path).toString('base64url');
}

/** The secret with variables (as a script) and files, or why it cannot be. A file whose content is no base64 is left out. */
export function environmentSecret(
  { job_id: jobId, files }: Pick<JobRequest, 'job_id' | 'files'>,
  script: Uint8Array,
  marks: Marks,
): Parts | string {
  const contents = new Map<string, Uint8Array>([['.env', script]]);
  for (const { path, content } of files) {
    const decoded = decodeBase64(content);
    if (decoded) contents.set(fileKey(path), decoded);
  }
  const size = [...contents.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  if (size > SECRET_LIMIT_BYTES)
    return `variables and files have ${size} bytes together; a secret takes ${SECRET_LIMIT_BYTES}`;
  const encoded = [...contents].map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]);
  return secret(secretName(jobId), 'Opaque', { contents: Object.fromEntries(encoded), marks });
}

/** The secret by which images are pulled. `auths`: user and password by registry. */
export function pullSecret(
  jobId: string,
  auths: Readonly<Record<string, { readonly username: string; readonly password: string }>>,
  marks: Marks,
): Parts {
  const withAuth = Object.entries(auths).map(([registry, { username, password }]) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    return [registry, { username, password, auth }] as const;
  });
  const config = JSON.stringify({ auths: Object.fromEntries(withAuth) });
  const contents = { '.dockerconfigjson': Buffer.from(config).toString('base64') };
  return secret(pullSecretName(jobId), 'kubernetes.io/dockerconfigjson', { contents, marks });
}

function secret(
  name: string,
  type: string,
  { contents, marks }: { readonly contents: Readonly<Record<string, string>>; readonly marks: Marks },
): Parts {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, ...marks }, type, immutable: true, data: contents };
}

export interface PodRules {
  readonly template: PodTemplate;
  readonly defaultImage: string;
  /** Regular expressions; none: every image. */
  readonly allowedImages: readonly string[];
}

/** The containers of a pod, before anything is made. One line says why there cannot be a pod. */
export function podContainers({ compose }: JobRequest, rules: PodRules): readonly Parts[] | string {
  const { template, defaultImage, allowedImages } = rules;
  if (compose.containers.length === 0) {
    if (defaultImage === '') return 'no containers specified in Semaphore YAML, and no default container is provided';
    return [mainContainer({ image: defaultImage, env_vars: [] }, template)];
  }
  const refused = compose.containers.find(({ image }) => !isAllowed(image, allowedImages));
  if (refused) return `error validating images: image '${refused.image}' is not allowed`;
  const containers: Parts[] = [];
  for (const [index, one] of compose.containers.entries()) {
    const built = index === 0 ? mainContainer(one, template) : sidecar(one, template);
    if (typeof built === 'string') return built;
    containers.push(built);
  }
  return containers;
}

function isAllowed(image: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => new RegExp(pattern).test(image));
}

type RequestedContainer = JobRequest['compose']['containers'][number];

function mainContainer(
  one: Pick<RequestedContainer, 'image' | 'env_vars'>,
  { mainContainer: base }: PodTemplate,
): Parts {
  const mounts = [...listOf(base.volumeMounts), { name: VOLUME, mountPath: INJECTED_FOLDER, readOnly: true }];
  return {
    ...base,
    name: MAIN_CONTAINER,
    image: one.image,
    command: ['bash', '-c', 'sleep infinity'],
    ...envOf(base, one.env_vars),
    volumeMounts: mounts,
  };
}

function sidecar(one: RequestedContainer, { sidecarContainers: base }: PodTemplate): Parts | string {
  const [entrypoint, command] = [wordsOf(one.entrypoint), wordsOf(one.command)];
  if (entrypoint === null || command === null)
    return `the command or entrypoint of the container ${one.name} has a quote without its end`;
  return {
    ...base,
    name: one.name,
    image: one.image,
    ...(entrypoint ? { command: entrypoint } : {}),
    ...(command ? { args: command } : {}),
    ...envOf(base, one.env_vars),
  };
}

/** Those of the template first: of two with one name the last one counts. */
function envOf(base: Parts, variables: RequestedContainer['env_vars']): Parts {
  const given = variables.map(({ name, value }) => {
    return { name, value: Buffer.from(decodeBase64(value) ?? '').toString('utf8') };
  });
  const env = [...listOf(base.env), ...given];
  return env.length > 0 ? { env } : {};
}

export interface PodOptions {
  readonly jobId: string;
  readonly template: PodTemplate;
  readonly containers: readonly Parts[];
  readonly hasPullSecret: boolean;
  readonly marks: Marks;
}

/** The pod of a job. The names of its sidecars lead to the pod itself. */
export function jobPod({ jobId, template: { pod }, containers, hasPullSecret, marks }: PodOptions): Parts {
  const sidecars = containers.slice(1).map(({ name }) => name);
  const aliases = [
    ...listOf(pod.hostAliases),
    ...(sidecars.length > 0 ? [{ ip: '127.0.0.1', hostnames: sidecars }] : []),
  ];
  const pullSecrets = [...listOf(pod.imagePullSecrets), ...(hasPullSecret ? [{ name: pullSecretName(jobId) }] : [])];
  const volumes = [...listOf(pod.volumes), { name: VOLUME, secret: { secretName: secretName(jobId) } }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName(jobId), ...marks },
    spec: {
      ...pod,
      restartPolicy: 'Never',
      containers,
      volumes,
      ...(aliases.length > 0 ? { hostAliases: aliases } : {}),
      ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets } : {}),
    },
  };
}

/** Files of a request by where the secret has them. */
export function injectedPath({ path }: Pick<JobFile, 'path'>): string {
  return `${INJECTED_FOLDER}/${fileKey(path)}`;
}
