import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Http } from '../../hub/http.ts';
import { createHttp } from '../../hub/undici-http.ts';
import { systemClock } from '../../platform/clock.ts';
import { type Credential, credentialFor, hostOf } from './credential.ts';
import { FakeAws } from './fake-aws.ts';
import { credentialReader } from './read-credential.ts';

let http: Http;
let aws: FakeAws;

beforeEach(async () => {
  http = createHttp(systemClock, { env: {} });
  aws = await FakeAws.start({
    accessKeyId: 'AKIAEXAMPLE',
    secretAccessKey: 'the/secret+key',
    password: 'from-amazon',
    registryOf: (account = '111') => `https://${account}.dkr.ecr.eu-west-1.amazonaws.com`,
  });
});
afterEach(async () => {
  await http.close();
  await aws.close();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

function read(variables: Readonly<Record<string, string>>, file?: string): Promise<Credential | string> {
  const reader = credentialReader({
    env_vars: Object.entries(variables).map(([name, value]) => ({ name, value: base64(value) })),
    files: file === undefined ? [] : [{ path: '/tmp/gcr/keyfile.json', content: base64(file), mode: '0755' }],
  });
  return typeof reader === 'string' ? Promise.resolve(reader) : reader.read(http);
}

describe('image pull credentials', () => {
  it('of Docker Hub', async () => {
    const variables = {
      DOCKER_CREDENTIAL_TYPE: 'DockerHub',
      DOCKERHUB_USERNAME: 'me',
      DOCKERHUB_PASSWORD: 'it\'s "$x"',
    };
    expect(await read(variables)).toEqual({
      username: 'me',
      password: 'it\'s "$x"',
      serveraddress: 'https://index.docker.io/v1/',
    });
  });

  it('of any registry', async () => {
    const type = { DOCKER_CREDENTIAL_TYPE: 'GenericDocker', DOCKER_USERNAME: 'me', DOCKER_PASSWORD: 'p' };
    expect(await read({ ...type, DOCKER_URL: 'registry.example.com' })).toMatchObject({
      serveraddress: 'registry.example.com',
    });
    expect(await read(type)).toMatchObject({ serveraddress: 'https://index.docker.io/v1/' });
  });

  it("of Google's registry: its key file is the password", async () => {
    expect(await read({ DOCKER_CREDENTIAL_TYPE: 'GCR', GCR_HOSTNAME: 'gcr.io' }, '{"key": 1}')).toEqual({
      username: '_json_key',
      password: '{"key": 1}',
      serveraddress: 'gcr.io',
    });
  });

  it.each([
    [{}, '111.dkr.ecr.eu-west-1.amazonaws.com'],
    [{ AWS_ACCOUNT_ID: '222' }, '222.dkr.ecr.eu-west-1.amazonaws.com'],
    [{ AWS_SESSION_TOKEN: 'of a role' }, '111.dkr.ecr.eu-west-1.amazonaws.com'],
  ])("of Amazon's registry, whose password is asked for: %j", async (more, serveraddress) => {
    expect(await read({ ...amazon('the/secret+key'), ...more })).toEqual({
      username: 'AWS',
      password: 'from-amazon',
      serveraddress,
    });
  });

  it('that Amazon does not accept: its own words, and no key', async () => {
    expect(await read(amazon('wrong'))).toBe(
      'Amazon ECR refused: The security token included in the request is invalid.',
    );
  });

  it('where Amazon cannot be reached', async () => {
    await aws.close();
    expect(await read(amazon('the/secret+key'))).toMatch(/^Amazon ECR could not be asked: .*refused/);
  });

  it.each([
    [{}, 'Failed to resolve docker login strategy: DOCKER_CREDENTIAL_TYPE not set'],
    [
      { DOCKER_CREDENTIAL_TYPE: 'Quay' },
      "Failed to resolve docker login strategy: unknown DOCKER_CREDENTIAL_TYPE: 'Quay'",
    ],
    [
      { DOCKER_CREDENTIAL_TYPE: 'toString' },
      "Failed to resolve docker login strategy: unknown DOCKER_CREDENTIAL_TYPE: 'toString'",
    ],
    [{ DOCKER_CREDENTIAL_TYPE: 'DockerHub', DOCKERHUB_USERNAME: 'me' }, 'DOCKERHUB_PASSWORD is missing'],
    [{ DOCKER_CREDENTIAL_TYPE: 'GenericDocker' }, 'DOCKER_USERNAME is missing'],
    [{ DOCKER_CREDENTIAL_TYPE: 'GenericDocker', DOCKER_URL: '/a path' }, 'DOCKER_URL is no address of a registry'],
    [{ DOCKER_CREDENTIAL_TYPE: 'GCR' }, 'GCR_HOSTNAME is missing'],
    [{ DOCKER_CREDENTIAL_TYPE: 'GCR', GCR_HOSTNAME: 'https://' }, 'GCR_HOSTNAME is no address of a registry'],
    [
      { DOCKER_CREDENTIAL_TYPE: 'GCR', GCR_HOSTNAME: 'gcr.io' },
      'The file /tmp/gcr/keyfile.json is missing, or is not base64',
    ],
    [{ DOCKER_CREDENTIAL_TYPE: 'AWS_ECR' }, 'AWS_REGION is missing, or names no region'],
    [
      { DOCKER_CREDENTIAL_TYPE: 'AWS_ECR', AWS_REGION: 'x', AWS_ACCESS_KEY_ID: 'a' },
      'AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is missing',
    ],
    [{ ...amazonOf('nowhere'), AWS_REGION: 'x' }, 'AWS_ENDPOINT_URL is no address'],
  ])('%j are told as wrong, in one line', async (variables, problem) => {
    expect(await read(variables)).toBe(problem);
  });

  it('whose value is not base64', () => {
    expect(credentialReader({ env_vars: [{ name: 'DOCKERHUB_PASSWORD', value: '***' }], files: [] })).toBe(
      'Failed to decode DOCKERHUB_PASSWORD',
    );
  });

  function amazon(secret: string) {
    return { ...amazonOf(aws.endpoint), AWS_SECRET_ACCESS_KEY: secret };
  }
});

function amazonOf(endpoint: string) {
  return {
    DOCKER_CREDENTIAL_TYPE: 'AWS_ECR',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL: endpoint,
  };
}

describe('the registry of an image', () => {
  it.each([
    ['ruby:2.6', 'https://index.docker.io/v1/'],
    ['library/ruby', 'docker.io'],
    ['docker.io/me/app', 'https://registry-1.docker.io'],
    ['localhost/app', 'localhost'],
    ['localhost:5000/a/b:1', 'http://localhost:5000/v2/'],
    ['registry.example.com/a@sha256:00', 'https://registry.example.com'],
  ])('%s is the one at %s', (image, serveraddress) => {
    const credential = { username: 'me', password: 'p', serveraddress };
    const credentials = new Map([[hostOf(serveraddress), credential]]);
    expect(credentialFor(image, credentials)).toBe(credential);
    expect(credentialFor('other.example.com/app', credentials)).toBeUndefined();
  });
});
