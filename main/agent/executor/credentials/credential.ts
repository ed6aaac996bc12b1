/** What a registry asks for. Never logged, never written anywhere. */
export interface Credential {
  readonly username: string;
  readonly password: string;
  /** As the request or the registry's owner names it: a host, or an address; Docker Hub's is `DOCKER_HUB_ADDRESS`. */
  readonly serveraddress: string;
}

/** By the registry's host, as `registryOf` tells it. */
export type Credentials = ReadonlyMap<string, Credential>;

const DOCKER_HUB = 'docker.io';
/** By this name container engines know Docker Hub, since before it had another one. */
export const DOCKER_HUB_ADDRESS = 'https://index.docker.io/v1/';
const DOCKER_HUB_HOSTS = ['', 'docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** The registry of an image. A first part with neither dot nor colon, that is not `localhost`, belongs to the name: it is Docker Hub's. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? hostOf(first) : DOCKER_HUB;
}

/** The host of an address that may have a scheme and a path. */
export function hostOf(address: string): string {
  const host = address.replace(/^\w+:\/\//, '').split('/')[0] ?? '';
  return DOCKER_HUB_HOSTS.includes(host) ? DOCKER_HUB : host;
}

/** What to show the registry of an image; undefined where the job has nothing for it. */
export function credentialFor(image: string, credentials: Credentials): Credential | undefined {
  return credentials.get(registryOf(image));
}
