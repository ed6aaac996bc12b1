import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawn as spawnOnTerminal } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callServer, type ServingAgent, signToken, startServing } from '../serve-program.ts';
import { startTestEngine, type TestEngine } from './test-engine.ts';

const CLI = [process.execPath, resolve('dist', 'cli.cjs')];
const HOOK = resolve('docs', 'examples', 'hooks', 'containers.sh');
const JUMP_POINT = '/tmp/ssh_jump_point';
const authorization = `Bearer ${signToken()}`;

let work: string;
let engine: TestEngine;
let agent: ServingAgent;
let hadJumpPoint: boolean;
beforeAll(async () => {
  hadJumpPoint = existsSync(JUMP_POINT);
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  engine = await startTestEngine();
  const flags = ['--files', `${HOOK}:/ci/hook.sh`, '--pre-job-hook-path', '/ci/hook.sh'];
  agent = await startServing({ command: CLI, flags, env: environment(), cwd: work });
});
afterAll(async () => {
  agent.signal('SIGTERM');
  await agent.ended;
  expect(await engine.docker('ps', '-aq')).toBe('');
  await engine.stop();
  rmSync(work, { recursive: true });
  if (!hadJumpPoint) rmSync(JUMP_POINT, { force: true });
});

function environment(): Record<string, string> {
  const home = join(work, 'home');
  mkdirSync(home, { recursive: true });
  return { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: work, DOCKER_HOST: engine.host };
}

const call = (method: string, path: string, body = '') =>
  callServer(agent.port, { method, path, headers: { authorization }, body });
const logOf = async (id: string) => (await call('GET', `/jobs/${id}/log`)).text;

/** Calls the jump point as an SSH server does, with a text on its standard input. */
function runThrough(jumpPoint: string, ...command: readonly string[]) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((done) => {
    const options = { env: environment(), timeout: 30_000 };
    const child = execFile('bash', [jumpPoint, ...command], options, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end('by standard input');
  });
}

it('leads who comes by SSH into the main container, and runs a hook there', async () => {
  const containers = [{ name: 'main', image: 'conformance-base:1' }];
  const commands = [{ directive: 'touch /begun; until [ -e /go ]; do sleep 0.05; done' }];
  const request = { job_id: 'debug', executor: 'dockercompose', compose: { containers }, commands };
  expect((await call('POST', '/jobs', JSON.stringify(request))).text).toBe('{"message": "ok"}');
  // The place is the machine's: an earlier job may have left another one there.
  const script = () => (existsSync(JUMP_POINT) ? readFileSync(JUMP_POINT, 'utf8') : '');
  await expect.poll(script).toContain("label=io.signalbox.job=debug'");
  const jumpPoint = join(work, 'jump-point');
  writeFileSync(jumpPoint, script());

  // It waits for the container itself; what comes by standard input is the command's.
  const copied = await runThrough(jumpPoint, 'bash', '-c', 'cat; echo; hostname; exit 7');
  expect(copied.stderr).toMatch(/^Waiting for the container to start up\.*\n$/);
  const [container = ''] = (await engine.docker('ps', '-q')).split('\n');
  expect(copied).toMatchObject({ stdout: `by standard input\n${container}\n`, code: 7 });

  const shell = spawnOnTerminal('bash', [jumpPoint], { env: environment() });
  let shown = '';
  shell.onData((text) => {
    shown += text;
  });
  const left = new Promise<void>((done) => {
    shell.onExit(() => done());
  });
  shell.write('until [ -e /begun ]; do sleep 0.05; done; touch /go; echo "in $HOSTNAME"; exit\r');
  await left;
  expect(shown).toContain(`in ${container}\r\n`);

  await expect.poll(() => logOf('debug')).toContain('"result":"passed"');
  expect(await logOf('debug')).toContain('Running the pre-job hook configured in the agent');
  expect(await logOf('debug')).toMatch(/"output":"In .+ as root\\n"/);
});
