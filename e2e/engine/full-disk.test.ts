import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { StandInRegistry } from '../../main/practice/stand-in-registry.ts';
import { startAgent } from '../agent.ts';
import { startTestEngine, type TestEngine } from './test-engine.ts';

/** The images of the tests take a quarter of it. */
const DISK_BYTES = 64_000_000;
const LAYER_BYTES = 80_000_000;
const LOGIN = { username: 'me', password: 'a password' };

let engine: TestEngine;
let registry: StandInRegistry;
let work: string;
let hub: PracticeHub;

beforeAll(async () => {
  engine = await startTestEngine({ diskBytes: DISK_BYTES });
  registry = await StandInRegistry.start(LOGIN);
});
afterAll(async () => {
  await registry.close();
  await engine.stop();
});
beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
});
afterEach(async () => {
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

function job(image: string) {
  const variables = {
    DOCKER_CREDENTIAL_TYPE: 'GenericDocker',
    DOCKER_URL: registry.host,
    DOCKER_USERNAME: LOGIN.username,
    DOCKER_PASSWORD: LOGIN.password,
  };
  const credential = Object.entries(variables).map(([name, value]) => ({
    name,
    value: Buffer.from(value).toString('base64'),
  }));
  const compose = { containers: [{ name: 'main', image }], image_pull_credentials: [{ env_vars: credential }] };
  return { executor: 'dockercompose', compose, commands: [{ directive: 'echo "room for $((1 + 1))"' }] };
}

it.each([
  ['loaded', { bytes: LAYER_BYTES }],
  ['unpacked', { bytes: LAYER_BYTES, isCompressed: true }],
])('fails a job whose image is too large to be %s, says so in one line, and goes on', async (when, layer) => {
  const docker = new Docker({ socketPath: engine.host.replace('unix://', '') });
  await registry.take(docker, 'conformance-base:1', `large/${when}`, layer);
  const image = `${registry.host}/large:${when}`;
  const before = await engine.holds();
  const ids = [job(image), job('conformance-base:1')].map((request) => hub.addJob(request));
  const agent = startAgent(hub, work, { env: { DOCKER_HOST: engine.host } });
  for (const id of ids) await hub.waitFor(() => hub.resultOf(id) !== undefined);
  hub.requestShutdown('requested');
  expect(await agent.ended).toBe(0);
  const [tooLarge = '', small = ''] = ids;
  expect(hub.resultOf(tooLarge)).toBe('failed');
  const [, pulling, ...lines] = hub.log(tooLarge).text.trimEnd().split('\n');
  expect(pulling).toBe(`Pulling ${image}`);
  // A pull that takes its time tells how far it is.
  const told = lines.filter((line) => !line.startsWith(`Pulling ${image}: `));
  expect(told).toEqual([
    expect.stringMatching(
      /^The disk of the container engine is full; docker system df .* \(.*no space left on device\)$/,
    ),
  ]);
  expect(hub.resultOf(small)).toBe('passed');
  expect(hub.log(small).text).toContain('room for 2\n');
  expect(await engine.holds()).toEqual(before);
});
