import type { Http } from '../../hub/http.ts';
import type { JobRequest } from '../../job/job-request.ts';
import { decodeBase64 } from '../../job/variables.ts';
import { type Credential, DOCKER_HUB_ADDRESS } from './credential.ts';
import { ecrCredential } from './ecr.ts';

/** Credentials of a job request, for one registry. */
export type RequestedCredential = JobRequest['compose']['image_pull_credentials'][number];

/** Where the key of Google's registry stands among a credential's files (reference agent). */
const GCR_KEY_FILE = '/tmp/gcr/keyfile.json';

/** A credential of a known type, not read yet. */
export interface CredentialReader {
  /** What the log calls its type. */
  readonly called: string;
  /** Reads it, where need be from the registry's owner. Resolves with one line, that holds no secret, where that fails. */
  read(http: Http): Promise<Credential | string>;
}

/** Finds out how a credential is to be read, by its DOCKER_CREDENTIAL_TYPE; or one line that says why it cannot be. */
export function credentialReader({ env_vars: encoded, files }: RequestedCredential): CredentialReader | string {
  const variables = new Map<string, string>();
  for (const { name, value } of encoded) {
    const decoded = decodeBase64(value);
    if (!decoded) return `Failed to decode ${name}`;
    variables.set(name, Buffer.from(decoded).toString('utf8'));
  }
  const type = variables.get('DOCKER_CREDENTIAL_TYPE');
  if (type === undefined) return 'Failed to resolve docker login strategy: DOCKER_CREDENTIAL_TYPE not set';
  const found = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (!found) return `Failed to resolve docker login strategy: unknown DOCKER_CREDENTIAL_TYPE: '${type}'`;
  return { called: found.called, read: async (http) => found.read({ variables, files, http }) };
}

interface CredentialParts {
  readonly variables: ReadonlyMap<string, string>;
  readonly files: RequestedCredential['files'];
  readonly http: Http;
}

type Read = (parts: CredentialParts) => Promise<Credential | string> | Credential | string;

/** By DOCKER_CREDENTIAL_TYPE. Source: the reference agent. */
const READERS: Readonly<Record<string, { readonly called: string; readonly read: Read }>> = {
  DockerHub: {
    called: 'DockerHub',
    read: ({ variables }) => named(variables, 'DOCKERHUB_USERNAME', 'DOCKERHUB_PASSWORD', DOCKER_HUB_ADDRESS),
  },
  GenericDocker: {
    called: 'Docker',
    read: ({ variables }) => {
      const address = variables.get('DOCKER_URL') || DOCKER_HUB_ADDRESS;
      if (!isAddress(address)) return 'DOCKER_URL is no address of a registry';
      return named(variables, 'DOCKER_USERNAME', 'DOCKER_PASSWORD', address);
    },
  },
  AWS_ECR: { called: 'ECR', read: ({ variables, http }) => ecrCredential(variables, http) },
  GCR: { called: 'GCR', read: gcrCredential },
};

/** A host or an address; what names neither would be taken for Docker Hub, and get its password. */
function isAddress(text: string): boolean {
  return /^(https?:\/\/)?(\[[\da-f:]+\]|[\w.-]+)(:\d+)?(\/\S*)?$/.test(text);
}

function gcrCredential({ variables, files }: CredentialParts): Credential | string {
  const host = variables.get('GCR_HOSTNAME') ?? '';
  const key = decodeBase64(files.find(({ path }) => path === GCR_KEY_FILE)?.content ?? '');
  if (host === '') return 'GCR_HOSTNAME is missing';
  if (!isAddress(host)) return 'GCR_HOSTNAME is no address of a registry';
  if (!key || key.length === 0) return `The file ${GCR_KEY_FILE} is missing, or is not base64`;
  return { username: '_json_key', password: Buffer.from(key).toString('utf8'), serveraddress: host };
}

function named(
  variables: ReadonlyMap<string, string>,
  user: string,
  secret: string,
  serveraddress: string,
): Credential | string {
  const [username, password] = [variables.get(user), variables.get(secret)];
  if (!username || !password) return `${username ? secret : user} is missing`;
  return { username, password, serveraddress };
}
