import type Docker from 'dockerode';
import type { Http } from '../../hub/http.ts';
import type { JobLog } from '../../log/job-log.ts';
import { type Credential, type Credentials, hostOf } from '../credentials/credential.ts';
import { credentialReader, type RequestedCredential } from '../credentials/read-credential.ts';
import { engineProblem } from './engine-problem.ts';

export interface CredentialOptions {
  readonly docker: Docker;
  readonly http: Http;
  readonly log: JobLog;
  readonly signal: AbortSignal;
}

/**
 * "Setting up image pull credentials": reads the credentials of a request and has each checked by the engine, which asks the
 * registry. Nothing of them is written anywhere. Undefined where one is wrong; the log says why.
 */
export async function setUpCredentials(
  requested: readonly RequestedCredential[],
  options: CredentialOptions,
): Promise<Credentials | undefined> {
  const credentials = new Map<string, Credential>();
  if (requested.length === 0) return credentials;
  const { log } = options;
  log.commandStarted('Setting up image pull credentials');
  for (const one of requested) {
    const credential = await setUp(one, options);
    if (typeof credential === 'string') {
      log.line(`${credential}\n`);
      log.commandFinished(1);
      return undefined;
    }
    credentials.set(hostOf(credential.serveraddress), credential);
  }
  log.commandFinished(0);
  return credentials;
}

async function setUp(requested: RequestedCredential, options: CredentialOptions): Promise<Credential | string> {
  const reader = credentialReader(requested);
  if (typeof reader === 'string') return reader;
  options.log.line(`Setting up credentials for ${reader.called}\n`);
  const credential = await reader.read(options.http);
  return typeof credential === 'string' ? credential : checked(credential, options);
}

/** The engine asks the registry, as `docker login` does. */
async function checked(credential: Credential, { docker, signal }: CredentialOptions): Promise<Credential | string> {
  try {
    await docker.checkAuth({ ...credential, abortSignal: signal });
    return credential;
  } catch (error) {
    if (signal.aborted) return 'stopped';
    return `The registry ${hostOf(credential.serveraddress)} does not accept them: ${engineProblem(error)}`;
  }
}
