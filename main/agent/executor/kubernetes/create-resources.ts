import type { Http } from '../../hub/http.ts';
import type { JobRequest } from '../../job/job-request.ts';
import { hostOf } from '../credentials/credential.ts';
import { credentialReader } from '../credentials/read-credential.ts';
import type { ClusterClient, ClusterError } from './cluster-client.ts';
import type { JobThings } from './cluster-things.ts';
import { environmentSecret, jobPod, type Marks, podContainers, pullSecret, pullSecretName } from './pod-objects.ts';
import { NO_TEMPLATE, type PodTemplate, readTemplate } from './pod-template.ts';

const STOPPED = 'the job was stopped';

export interface CreateOptions {
  readonly client: ClusterClient;
  readonly things: JobThings;
  readonly request: JobRequest;
  readonly settings: {
    readonly podSpec: string;
    readonly defaultImage: string;
    readonly allowedImages: readonly string[];
  };
  readonly script: Uint8Array;
  readonly marks: Marks;
  readonly http: Http;
  readonly signal: AbortSignal;
}

/** Makes secrets and pod of a job; all that can be told before is told before anything is made. Resolves with what went wrong. */
export async function createResources(options: CreateOptions): Promise<string | undefined> {
  const { request, settings, marks, signal, things } = options;
  const { job_id: jobId } = request;
  const template = await loadTemplate(options);
  if (typeof template === 'string') return `Failed to load pod spec: ${template}`;
  const containers = podContainers(request, { template, ...settings });
  if (typeof containers === 'string')
    return `Failed to create pod: error building pod spec: error building containers for pod spec: ${containers}`;
  const environment = environmentSecret(request, options.script, marks);
  if (typeof environment === 'string') return `Failed to create environment secret: ${environment}`;
  const auths = await readAuths(options);
  if (typeof auths === 'string') return `Failed to create temporary image pull secret: ${auths}`;
  const hasPullSecret = Object.keys(auths).length > 0;
  const steps = [
    ['environment secret', 'secrets', environment],
    ...(hasPullSecret ? [['temporary image pull secret', 'secrets', pullSecret(jobId, auths, marks)] as const] : []),
    ['pod', 'pods', jobPod({ jobId, template, containers, hasPullSecret, marks })],
  ] as const;
  for (const [what, resource, object] of steps) {
    if (signal.aborted) return `Failed to create ${what}: ${STOPPED}`;
    try {
      await things.create(resource, object, signal);
    } catch (error) {
      return `Failed to create ${what}: ${signal.aborted ? STOPPED : (error as ClusterError).message}`;
    }
  }
  return undefined;
}

async function loadTemplate({ client, signal, settings: { podSpec } }: CreateOptions): Promise<PodTemplate | string> {
  if (podSpec === '') return NO_TEMPLATE;
  try {
    const map = await client.until(signal).call('GET', `configmaps/${podSpec}`);
    const template = readTemplate((map.data ?? {}) as Readonly<Record<string, string>>);
    return typeof template === 'string' ? `in configmap '${podSpec}' ${template}` : template;
  } catch (error) {
    return `error finding configmap '${podSpec}': ${(error as ClusterError).message}`;
  }
}

type Auths = Readonly<Record<string, { readonly username: string; readonly password: string }>>;

/** By registry; Docker Hub under the name that the reference agent gives it. */
async function readAuths({ request, http }: CreateOptions): Promise<Auths | string> {
  const auths: Record<string, { username: string; password: string }> = {};
  for (const requested of request.compose.image_pull_credentials) {
    const reader = credentialReader(requested);
    const credential = typeof reader === 'string' ? reader : await reader.read(http);
    if (typeof credential === 'string') return pullSecretProblem(request.job_id, credential);
    const { username, password, serveraddress } = credential;
    auths[hostOf(serveraddress)] = { username, password };
  }
  return auths;
}

/** In the words of the reference agent. */
function pullSecretProblem(jobId: string, problem: string): string {
  const name = pullSecretName(jobId);
  const reason = problem.replace(/^Failed to resolve docker login strategy: /, '');
  return `error building image pull secret spec for '${name}': error creating docker config for '${name}': ${reason}`;
}
