import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StandInRegistry } from '../../../practice/stand-in-registry.ts';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { FakeAws } from '../credentials/fake-aws.ts';
import type { DockerExecutor } from './docker-executor.ts';
import { DockerStage } from './fake-stage.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const PASSWORD = 'pa$$ "word"';

let stage: DockerStage;
let registry: StandInRegistry;
let aws: FakeAws;
let log: FakeJobLog;
let executor: DockerExecutor | undefined;

beforeAll(async () => {
  stage = new DockerStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  log = new FakeJobLog();
});
afterEach(async () => {
  await executor?.cleanUp();
  await stage.docker
    .getImage(image())
    .remove({ force: true })
    .catch(() => undefined);
  await registry.close();
});

const image = () => `${registry.host}/private:1`;

/** Starts a job whose image is private. */
async function start(variables: Readonly<Record<string, string>>, file?: string) {
  const credential = {
    env_vars: Object.entries(variables).map(([name, value]) => ({ name, value: base64(value) })),
    files: file === undefined ? [] : [{ path: '/tmp/gcr/keyfile.json', content: base64(file), mode: '0755' }],
  };
  const compose = { containers: [{ name: 'main', image: image() }], image_pull_credentials: [credential] };
  executor = stage.executor({ log, compose });
  await executor.prepare();
  return executor.start();
}

async function startRegistry(options: { username: string; password?: string; pauseMs?: number }): Promise<void> {
  registry = await StandInRegistry.start({ password: PASSWORD, ...options });
  await registry.take(stage.docker, 'conformance-base:1', 'private/1');
}

const generic = (password: string) => ({
  DOCKER_CREDENTIAL_TYPE: 'GenericDocker',
  DOCKER_URL: registry.host,
  DOCKER_USERNAME: 'me',
  DOCKER_PASSWORD: password,
});

describe('a private image', () => {
  it('is pulled with its credentials, told in lines for people', async () => {
    await startRegistry({ username: 'me', pauseMs: 150 });
    expect(await start(generic(PASSWORD))).toEqual({ ok: true });
    const [, credentials, , , pulled, , ...rest] = log.events;
    expect(credentials).toBe('Setting up credentials for Docker\n');
    const lines = pulled?.trimEnd().split('\n') ?? [];
    const name = image().replaceAll('.', '\\.');
    expect(lines[0]).toBe(`Pulling ${image()}`);
    expect(lines.at(-1)).toMatch(new RegExp(`^Pulled ${name} in \\d+\\.\\d s$`));
    const progress = new RegExp(`^Pulling ${name}: \\d+\\.\\d of \\d+\\.\\d MB, [012] of 2 layers ready$`);
    for (const line of lines.slice(1, -1)) expect(line).toMatch(progress);
    // The layers take 3 s at least, so there is something to tell meanwhile.
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(rest.at(0)).toBe('> Starting the docker image...');
    expect(log.events.join('')).not.toContain(PASSWORD);
    // Nothing of them is in the user's docker configuration, nor anywhere else of theirs.
    expect(readdirSync(stage.home)).toEqual([]);
  });

  it('that is there is not pulled again', async () => {
    await startRegistry({ username: 'me' });
    await start(generic(PASSWORD));
    await executor?.cleanUp();
    log = new FakeJobLog();
    expect(await start(generic(PASSWORD))).toEqual({ ok: true });
    expect(log.events.slice(3, 5)).toEqual(['> Pulling docker images...', '< 0']);
  });

  it("is not pulled with a wrong password: the job fails there, with the registry's answer", async () => {
    await startRegistry({ username: 'me' });
    expect(await start(generic('wrong'))).toEqual({
      ok: false,
      reason: 'its image pull credentials could not be set up',
    });
    expect(log.events).toEqual([
      '> Setting up image pull credentials',
      expect.stringMatching(
        /^Setting up credentials for Docker\nThe registry 127\.0\.0\.1:\d+ does not accept them: .*incorrect username or password\n$/,
      ),
      '< 1',
    ]);
  });

  it('is not pulled without credentials', async () => {
    await startRegistry({ username: 'me' });
    executor = stage.executor({ log, compose: { containers: [{ name: 'main', image: image() }] } });
    await executor.prepare();
    expect((await executor.start()).ok).toBe(false);
    expect(log.events).toEqual([
      '> Pulling docker images...',
      expect.stringMatching(/^Pulling .*\nHead "http.*: unauthorized: incorrect username or password\n$/),
      '< 1',
    ]);
  });

  it('of Google is pulled with the key file', async () => {
    await startRegistry({ username: '_json_key', password: '{"private_key": "x\\n"}' });
    const variables = { DOCKER_CREDENTIAL_TYPE: 'GCR', GCR_HOSTNAME: registry.host };
    expect(await start(variables, '{"private_key": "x\\n"}')).toEqual({ ok: true });
    expect(log.events[1]).toBe('Setting up credentials for GCR\n');
  });

  it('of Amazon is pulled with a password that AWS gives out', async () => {
    await startRegistry({ username: 'AWS', password: 'from-amazon' });
    const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', password: 'from-amazon' };
    aws = await FakeAws.start({ ...keys, registryOf: () => `http://${registry.host}` });
    const variables = {
      DOCKER_CREDENTIAL_TYPE: 'AWS_ECR',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_ENDPOINT_URL: aws.endpoint,
    };
    expect(await start(variables)).toEqual({ ok: true });
    expect(log.events[1]).toBe('Setting up credentials for ECR\n');
    await aws.close();
  });

  it('is given up when the job is stopped while it is pulled', async () => {
    await startRegistry({ username: 'me', pauseMs: 1_000 });
    const started = start(generic(PASSWORD));
    await log.shows('MB, 0 of ');
    await executor?.stop();
    expect((await started).ok).toBe(false);
    expect(log.events.at(-1)).toBe('< 1');
    expect(log.events.at(-2)).toMatch(/stopped\n$/);
  });
});
