import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

/** Runs the built command line to its end, with nothing of this process's environment but the path. */
function signalbox(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const home = mkdtempSync(join(work, 'home-'));
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home, ...env } };
    execFile(process.execPath, [join('dist', 'cli.cjs'), ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe('bad input', () => {
  const rows: readonly [name: string, args: string[], told: RegExp][] = [
    ['unknown flag', ['start', '--tokn', 'x'], /^signalbox: Unknown flag --tokn \(did you mean --token\?\)/],
    ['unknown command', ['strat'], /^signalbox: Unknown command "strat"/],
    ['flag without a value', ['start', '--token'], /^signalbox: The flag --token needs a value/],
    ['missing endpoint', ['start', '--token', 'secret-token'], /^signalbox: endpoint is missing .*--endpoint/],
    ['missing token', ['start', '--endpoint', 'a.example.com'], /^signalbox: token is missing .*SEMAPHORE_AGENT_TOKEN/],
    [
      'http without no-https',
      ['start', '--endpoint', 'http://a.example.com', '--token', 'x'],
      /^signalbox: endpoint .*no-https/,
    ],
    [
      'negative seconds',
      ['start', '--disconnect-after-idle-timeout', '-1'],
      /^signalbox: disconnect-after-idle-timeout \(from the flag .*not below 0/,
    ],
    ['unknown choice', ['start', '--upload-job-logs', 'sometimes'], /one of never, when-trimmed, always/],
    [
      'a file that is not there',
      ['start', '--config-file', '/nowhere/x.yml'],
      /^signalbox: \/nowhere\/x\.yml: cannot be read \(ENOENT\)/,
    ],
    [
      'a job that is not there',
      ['run', '/nowhere/job.yml'],
      /^signalbox: \/nowhere\/job\.yml: cannot be read \(ENOENT\)/,
    ],
    ['no job', ['run'], /^signalbox: Say which job to run/],
    ['help for an unknown command', ['help', 'strat'], /^signalbox: Unknown command "strat" \(did you mean start\?\)/],
    ['an unknown shell', ['completion', 'tcsh'], /^signalbox: Say for which shell: bash, zsh, fish$/m],
    ['an unknown fold', ['run', 'docs/examples/hello.yml', '--fold', 'all'], /--fold takes one of none, steps, passed/],
    ['a flag that is neither on nor off', ['status', '--json=perhaps'], /--json takes true or false/],
    [
      'a server without a secret',
      ['serve'],
      /give it as --auth-token-secret, or as SEMAPHORE_AGENT_AUTH_TOKEN_SECRET$/m,
    ],
    ['a job to practise that is not there', ['practice', '/nowhere/job.yml'], /^signalbox: \/nowhere.*cannot be read/],
    [
      'a folder for practised logs that cannot be',
      ['practice', 'docs/examples/hello.yml', '--log-folder', '/dev/null/logs'],
      /^signalbox: --log-folder: \/dev\/null\/logs cannot be made \(ENOTDIR\)/,
    ],
    [
      'a port to practise on that is none',
      ['practice', 'docs/examples/hello.yml', '--port', 'x'],
      /--port must be a number/,
    ],
  ];

  it.each(rows)('%s: one line, exit code 1', async (_name, args, told) => {
    const { code, stderr } = await signalbox(args);
    expect(stderr).toMatch(told);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('secret-token');
    expect(code).toBe(1);
  });

  it.each([
    ['config', 'name: "open\nno-https: true\n', ['start', '--config-file'], /is not YAML at line \d+, column \d+/],
    [
      'config',
      'nmae: lap-42-office\n',
      ['start', '--config-file'],
      /unknown option "nmae" \(did you mean name\?\), at line 1, column 1/,
    ],
    [
      'config',
      'no-https: perhaps\n',
      ['start', '--config-file'],
      /no-https \(from .*\) is not understood; allowed is true or false/,
    ],
    ['job', 'commands: [ {', ['run'], /is not YAML at line 1, column/],
    ['job', 'commands: [ {', ['practice'], /^signalbox: .*is not YAML at line 1, column/],
    ['job', '- a list\n', ['practice'], /^signalbox: .*holds no job request/],
    ['job', 'commands: 5\n', ['run'], /commands: expected array/],
    ['job', 'executor: vagrant\ncommands: [{ directive: "true" }]\n', ['run'], /the executor "vagrant" is unknown/],
  ])('a broken %s file: %j', async (_kind, text, args, told) => {
    const path = join(work, 'broken.yml');
    writeFileSync(path, text);
    const { code, stderr } = await signalbox([...args, path]);
    expect(stderr).toMatch(told);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });
});

describe('signalbox run', () => {
  it('says that there is nothing to run, and where its log cannot be kept', async () => {
    const path = join(work, 'job.yml');
    writeFileSync(path, 'command: [{ directive: echo }]\n');
    const idle = await signalbox(['run', path]);
    expect(idle.stderr).toContain('there are no commands in it, so the job does nothing\n');
    const homeless = await signalbox(['run', 'docs/examples/hello.yml'], { TMPDIR: '/dev/null/tmp' });
    expect(homeless).toMatchObject({ code: 1, stdout: '' });
    expect(homeless.stderr).toBe(
      'signalbox: The job cannot be run: no folder for the job could be made in /dev/null/tmp (ENOTDIR); set TMPDIR to a folder that you can write\n',
    );
  });

  it('shows the log of a job and ends with its result', async () => {
    const path = join(work, 'job.yml');
    writeFileSync(
      path,
      'commands:\n  - directive: echo "from a file"; exit_with() { return $1; }\n  - directive: exit_with 3\n',
    );
    const { code, stdout, stderr } = await signalbox(['run', path]);
    expect(stdout).toContain('from a file\n');
    expect(stdout).toMatch(/^Job failed after .*\n$/m);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect((await signalbox(['run', 'docs/examples/hello.yml'])).code).toBe(0);
  });
});

describe('signalbox version and help', () => {
  it('tell what package.json says, and every option', async () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    expect((await signalbox(['version'])).stdout).toBe(`${manifest.version}\n`);
    const { stdout } = await signalbox(['start', '--help']);
    expect(stdout).toContain('--interruption-grace-period SECONDS');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
