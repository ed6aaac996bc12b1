import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './test-engine.ts';

const EXAMPLE = 'docs/examples/containers.yml';

let engine: TestEngine;
let work: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  engine = await startTestEngine();
  for (const name of ['debian:12-slim', 'busybox:1.36']) await engine.docker('tag', 'conformance-base:1', name);
});
afterAll(async () => {
  await engine.stop();
  rmSync(work, { recursive: true });
});

/** Runs a job's file. `onStart` is given the agent's process. */
function run(file: string, onStart: (agent: ChildProcess) => void = () => undefined) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH ?? '', HOME: work, TMPDIR: work, DOCKER_HOST: engine.host };
    const args = [join('dist', 'cli.cjs'), 'run', file];
    const agent = execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    onStart(agent);
  });
}

function jobFile(name: string, directive: string, setup: readonly string[] = []): string {
  const file = join(work, name);
  const compose = {
    containers: [{ name: 'main', image: 'conformance-base:1' }],
    host_setup_commands: setup.map((command) => ({ directive: command })),
  };
  writeFileSync(file, JSON.stringify({ executor: 'dockercompose', compose, commands: [{ directive }] }));
  return file;
}

/** Of a process; empty when it has ended, also where nobody has noticed yet. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const foldersOfJobs = () => readdirSync(work).filter((name) => name.startsWith('signalbox-'));

describe('signalbox run with a job in containers', () => {
  it('runs the job of the README as it stands there', async () => {
    expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`yaml\n${readFileSync(EXAMPLE, 'utf8')}\`\`\``);
    const { code, stdout, stderr } = await run(EXAMPLE);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^root with bash 5\./m);
    expect(stdout).toMatch(/^[0-9a-f]{12}$/m);
    expect(stdout).toMatch(/^Job passed after .*\n$/m);
    expect(code).toBe(0);
    expect(await engine.docker('ps', '-aq')).toBe('');
  });

  it("has the job's result as its exit code", async () => {
    const { code, stdout } = await run(jobFile('failing.json', 'echo out; (exit 3)'));
    expect(stdout).toContain('out\n');
    expect(stdout).toMatch(/^Job failed after .*\n$/m);
    expect(code).toBe(1);
  });

  it('kills at the second Ctrl-C what does not want to go, and leaves nothing', async () => {
    // With the grace it would go by itself, some time after it was asked to.
    const goLate = `exec 3<> <(:); trap "read -rt 8 -u 3; echo was granted; exit" TERM; trap "" HUP`;
    const stubborn = `bash -c '${goLate}; echo begun; while :; do read -rt 1 -u 3; done'`;
    const { code, stdout, stderr } = await run(jobFile('stubborn.json', stubborn), (agent) => {
      agent.stdout?.on('data', (text: string) => /^begun/m.test(text) && agent.kill('SIGINT'));
      agent.stderr?.on('data', (text: string) => text.includes('again to kill it') && agent.kill('SIGINT'));
    });
    expect(stderr).toContain('Killing the job\n');
    expect(stdout).toMatch(/^Job stopped after .*\n$/m);
    expect(stdout).not.toMatch(/^was granted/m);
    expect(code).toBe(130);
    expect(await engine.docker('ps', '-aq')).toBe('');
  });

  it('that is killed is tidied up behind by the next one, on this machine as well', async () => {
    const file = jobFile('killed.json', 'echo begun; sleep 300', ['sleep 300 & echo $! > "$HOME/pid"']);
    await run(file, (agent) => {
      agent.stdout?.on('data', (text: string) => /^begun/m.test(text) && agent.kill('SIGKILL'));
    });
    const pid = readFileSync(join(work, 'pid'), 'utf8').trim();
    expect(commandOf(pid)).toContain('sleep');
    expect(foldersOfJobs()).toHaveLength(2);
    const { code, stderr } = await run(jobFile('next.json', 'true'));
    expect(stderr).toContain('Tidied up behind an agent that was killed during a job: terminated\n');
    expect(code).toBe(0);
    expect(commandOf(pid)).toBe('');
    expect(foldersOfJobs()).toEqual([]);
    expect(await engine.docker('ps', '-aq')).toBe('');
  });

  // An engine that has slept may have missed what its containers did, and then takes half a minute to find out.
  it('ends at Ctrl-C though the engine hangs, says so, and the next one tidies up', { timeout: 180_000 }, async () => {
    const hanging = await run(jobFile('hanging.json', 'echo begun; sleep 300'), (agent) => {
      agent.stdout?.on('data', (text: string) => {
        if (!/^begun/m.test(text)) return;
        engine.freeze();
        agent.kill('SIGINT');
      });
    });
    engine.thaw();
    expect(hanging.stdout).toContain('lost connection to the container engine (no answer)\n');
    expect(hanging.stdout).toMatch(/^Job stopped after .*\n$/m);
    expect(hanging.stderr).toContain('Something of the job is left at the container engine: ');
    expect(hanging.code).toBe(130);
    expect((await engine.docker('ps', '-q')).trim()).toMatch(/^[0-9a-f]{12}$/);
    expect((await run(jobFile('next.json', 'true'))).code).toBe(0);
    expect(await engine.docker('ps', '-aq')).toBe('');
  });
});
