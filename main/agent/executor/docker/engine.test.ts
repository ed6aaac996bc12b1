import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../platform/fake-clock.ts';
import { findEngine } from './engine.ts';

const TRIED = 'Tried DOCKER_HOST (no answer)';

/** Takes calls and answers none. */
let silent: Server;
let called: Promise<unknown>;
let env: Record<string, string>;

beforeEach(async () => {
  silent = createServer((socket) => socket.on('error', () => undefined));
  called = once(silent, 'connection');
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  env = { DOCKER_HOST: `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}` };
});
afterEach(() => {
  silent.close();
});

it('does not wait for ever for an engine that hangs', async () => {
  const clock = new FakeClock();
  const found = findEngine(env, '/', clock);
  await called;
  await clock.advance(10_000);
  expect(await found).toBe(TRIED);
});

it('does not wait at all any more when the job is stopped', async () => {
  const stopping = new AbortController();
  const found = findEngine(env, '/', new FakeClock(), stopping.signal);
  await called;
  stopping.abort();
  expect(await found).toBe(TRIED);
});
