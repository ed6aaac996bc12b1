import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftovers } from '../conformance/leftovers.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'run-journey-'));
});
afterEach(() => {
  expect(leftovers(work)).toEqual([]);
  expect(readdirSync(work)).toEqual([]);
  rmSync(work, { recursive: true });
});

/** Runs a job that is given on standard input. `onOutput` is told of all that was printed so far. */
function runJob(
  job: object | string,
  flags: readonly string[] = [],
  onOutput: (text: string, interrupt: () => void) => void = () => undefined,
) {
  const env = { PATH: process.env.PATH ?? '', HOME: work, TMPDIR: work };
  const child = spawn(process.execPath, [join('dist', 'cli.cjs'), 'run', '-', ...flags], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    onOutput(stdout + stderr, () => child.kill('SIGINT'));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
    onOutput(stdout + stderr, () => child.kill('SIGINT'));
  });
  child.stdin.end(typeof job === 'string' ? job : JSON.stringify(job));
  return new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const commands = (...directives: string[]) => ({ commands: directives.map((directive) => ({ directive })) });

describe('signalbox run', () => {
  it('ends with 0, 1 or 130, as the job does', async () => {
    expect((await runJob(commands('true'))).code).toBe(0);
    expect((await runJob(commands('(exit 3)'))).code).toBe(1);
    expect((await runJob(commands('(exit 130)'))).code).toBe(130);
    expect((await runJob(commands('export SEMAPHORE_JOB_RESULT=passed; (exit 130)'))).code).toBe(0);
  });

  it('prints the raw events where they are wanted', async () => {
    const { stdout } = await runJob(commands('echo hi'), ['--events']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(['job_started', 'job_finished']);
  });

  it('folds what passed, and names a command of the toolbox that is missing', async () => {
    const { stdout, stderr } = await runJob(commands('echo quiet', 'checkout'), ['--fold', 'passed']);
    expect(stdout).toMatch(/^▸ echo quiet ✓ [\d.]+ s$/m);
    expect(stdout).toContain('checkout: command not found');
    expect(stderr).toContain("install Semaphore's toolbox");
  });

  it('stops at the first Ctrl-C, with what the job started', async () => {
    let interrupts = 0;
    const { code, stdout } = await runJob(commands('echo begun; sleep 600', 'echo never'), [], (text, interrupt) => {
      if (text.includes('\nbegun') && interrupts++ === 0) interrupt();
    });
    expect(code).toBe(130);
    expect(stdout).toContain('Job stopped after');
    expect(stdout).not.toContain('\nnever');
  });

  it('kills at the second one what does not want to go', async () => {
    let interrupts = 0;
    const stubborn = "trap '' TERM HUP INT; (trap '' TERM HUP INT; while :; do sleep 1; done) & echo begun; wait";
    const { code, stderr } = await runJob(commands(stubborn), [], (text, interrupt) => {
      if (text.includes('\nbegun') && interrupts === 0) {
        interrupts = 1;
        interrupt();
      } else if (text.includes('again to kill it') && interrupts < 2) {
        interrupts = 2;
        interrupt();
      }
    });
    expect(code).toBe(130);
    expect(stderr).toContain('Killing the job');
  });

  it('says where a file is broken', async () => {
    const { code, stderr } = await runJob('commands:\n  - directive: [1]\n');
    expect(code).toBe(1);
    expect(stderr).toBe('signalbox: standard input: commands[0].directive: expected string, at line 2, column 16\n');
  });
});
