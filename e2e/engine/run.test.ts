import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

function run(...args: readonly string[]) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH ?? '', HOME: work, TMPDIR: work, DOCKER_HOST: engine.host };
    execFile(process.execPath, [join('dist', 'cli.cjs'), 'run', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

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
    const file = join(work, 'failing.yml');
    const container = 'compose: { containers: [{ name: main, image: "conformance-base:1" }] }';
    writeFileSync(file, `executor: dockercompose\n${container}\ncommands: [{ directive: "echo out; (exit 3)" }]\n`);
    const { code, stdout } = await run(file);
    expect(stdout).toContain('out\n');
    expect(stdout).toMatch(/^Job failed after .*\n$/m);
    expect(code).toBe(1);
  });
});
