import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DockerExecutor } from '../executor/docker/docker-executor.ts';
import { DockerStage } from '../executor/docker/fake-stage.ts';
import { openPty } from '../executor/shell/pty.ts';
import { parseJobRequest } from '../job/job-request.ts';
import { jumpPointScript } from './jump-point.ts';

const COMPOSE = {
  containers: [
    { name: 'db', image: 'conformance-base:1' },
    { name: 'main', image: 'conformance-base:1', command: 'sleep 300' },
  ],
};

let stage: DockerStage;
let executor: DockerExecutor;
let script: string;

beforeEach(() => {
  stage = new DockerStage();
  executor = stage.executor({ compose: COMPOSE });
  script = join(stage.home, 'jump');
  const parsed = parseJobRequest({ job_id: 'job-1', executor: 'dockercompose', compose: COMPOSE });
  if (!parsed.ok) throw new Error(parsed.problem);
  writeFileSync(script, jumpPointScript(parsed.request));
});
afterEach(async () => {
  await executor.cleanUp();
  await stage.close();
});

describe('who comes by SSH to a job in containers', () => {
  it('waits for the first container and runs a command in it', async () => {
    const { stdout, stderr } = await new Promise<{ readonly stdout: string; readonly stderr: string }>((resolve) => {
      const command = [script, 'bash', '-c', 'read -r line; echo "$line $0"', 'a b'];
      const asked = execFile('bash', command, (_error, out, said) => resolve({ stdout: out, stderr: said }));
      asked.stdin?.end('typed\n');
      asked.stderr?.once('data', async () => {
        await executor.prepare();
        await executor.start();
      });
    });
    expect(stderr).toMatch(/^Waiting for the container to start up\.*\n$/);
    expect(stdout).toBe('typed a b\n');
  });

  it('has a login shell on a terminal there', async () => {
    await executor.prepare();
    await executor.start();
    await executor.runCommand({ directive: 'echo "of the job" > /tmp/seen' });
    const env = { PATH: process.env.PATH ?? '', DOCKER_HOST: process.env.DOCKER_HOST ?? '', TERM: 'xterm' };
    const terminal = openPty({ command: ['bash', script], cwd: stage.home, env });
    let shown = '';
    terminal.onBytes((bytes) => {
      shown += Buffer.from(bytes).toString();
    });
    terminal.write('shopt -q login_shell && test -t 0 && cat /tmp/seen; exit\n');
    await terminal.closed;
    expect(shown).toContain('\r\nof the job\r\n');
  });
});
