import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';

let work: string;
let hub: PracticeHub;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'journey-'));
  hub = await PracticeHub.start({ nextSyncAfter: 100 });
});
afterEach(async () => {
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

const job = (...commands: string[]) => ({ executor: 'shell', commands: commands.map((directive) => ({ directive })) });
const shell = (script: string) => execFileSync('bash', ['-c', script], { encoding: 'utf8' });
const reported = (id: string) => hub.waitFor(() => hub.resultOf(id) !== undefined);

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

describe('an agent that is killed', () => {
  it('is taken up again: the hub hears of its job, and no second registration appears', async () => {
    const id = hub.addJob(job('setsid sleep 300 & echo begun; sleep 300'));
    const first = startAgent(hub, work);
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    process.kill(first.pid, 'SIGKILL');
    await first.ended;

    const second = startAgent(hub, work);
    await reported(id);
    expect(hub.resultOf(id)).toBe('failed');
    hub.requestShutdown('requested');
    expect(await second.ended).toBe(0);
    expect(hub.calls.filter(({ kind }) => kind === 'register')).toHaveLength(1);
    expect(hub.violations).toEqual([]);
    // What is left is the log, as far as it was written: it may hold what the hub has not.
    expect(shell(`find ${join(work, 'tmp')}/signalbox-* -type f`).trim()).toMatch(/^\S+\/events\.jsonl$/);
    expect(shell(`grep -l 'HOME=${work}' /proc/[0-9]*/environ 2>/dev/null || true`)).toBe('');
  });
});

describe('an agent that is interrupted', () => {
  it('stops its job at the second signal, reports it, and goes', async () => {
    const id = hub.addJob(job('echo begun; sleep 300'));
    const agent = startAgent(hub, work, { flags: ['--interruption-grace-period', '600'] });
    await hub.waitFor(() => hub.log(id).text.includes('begun\n'));
    process.kill(agent.pid, 'SIGTERM');
    await hub.waitFor(() => hub.calls.some(({ kind, body }) => kind === 'sync' && /"interrupted_at":[1-9]/.test(body)));
    process.kill(agent.pid, 'SIGTERM');
    expect(await agent.ended).toBe(0);
    expect(hub.resultOf(id)).toBe('stopped');
    expect(hub.calls.at(-1)?.kind).toBe('disconnect');
    expect(hub.violations).toEqual([]);
  });
});

describe('what a job leaves', () => {
  it('is nothing: no process, no file, no variable of the agent', async () => {
    const id = hub.addJob({
      ...job('(setsid nohup sleep 300 >/dev/null 2>&1 &)', 'env | grep -c SEMAPHORE_AGENT_TOKEN'),
      env_vars: [{ name: 'MARKED', value: Buffer.from('marked-secret').toString('base64') }],
    });
    const agent = startAgent(hub, work);
    await reported(id);
    hub.requestShutdown('requested');
    await agent.ended;
    expect(hub.log(id).text).toContain('Exporting MARKED\n0\n');
    expect(readdirSync(join(work, 'tmp'))).toEqual(['agent_log']);
    const secrets = `marked-secret\\|${hub.registrationToken}`;
    expect(shell(`grep -rl '${secrets}' ${work} || true`)).toBe('');
    expect(shell(`grep -l 'HOME=${work}' /proc/[0-9]*/environ 2>/dev/null || true`)).toBe('');
  });
});

describe('two jobs', () => {
  it('run one after another, each with its whole log', async () => {
    const ids = [hub.addJob(job('seq 1 50000')), hub.addJob(job('head -c 300000 /dev/zero | tr "\\0" x; echo'))];
    const agent = startAgent(hub, work);
    for (const id of ids) await reported(id);
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
    const [numbers, line] = ids.map((id) => hub.log(id).text.split('\n'));
    expect(numbers?.slice(0, -2)).toEqual(Array.from({ length: 50_000 }, (_, index) => `${index + 1}`));
    expect(line?.[0]).toBe('x'.repeat(300_000));
    expect(hub.violations).toEqual([]);
  });
});

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
    ['config', 'nmae: lap-42-office\n', ['start', '--config-file'], /unknown option "nmae" \(did you mean name\?\)/],
    [
      'config',
      'no-https: perhaps\n',
      ['start', '--config-file'],
      /no-https \(from .*\) is not understood; allowed is true or false/,
    ],
    ['job', 'commands: [ {', ['run'], /is not YAML at line 1, column/],
    ['job', 'commands: 5\n', ['run'], /commands: expected array/],
    ['job', 'executor: vagrant\n', ['run'], /the executor "vagrant" is unknown/],
  ])('a broken %s file: %j', async (_kind, text, args, told) => {
    const path = join(work, 'broken.yml');
    writeFileSync(path, text);
    const { code, stderr } = await signalbox([...args, path]);
    expect(stderr).toMatch(told);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('a hub that refuses is told with its own text, and asked again', async () => {
    const agent = startAgent(hub, work, { env: { SEMAPHORE_AGENT_TOKEN: 'wrong-token' } });
    await hub.waitFor(() => hub.calls.length >= 2);
    process.kill(agent.pid, 'SIGINT');
    expect(await agent.ended).toBe(0);
    expect(agent.output()).toContain(
      'Could not register: the hub refused /register with 401: “Unauthorized”. Trying again, 29 tries left',
    );
    expect(agent.output()).not.toContain('wrong-token');
  });
});

describe('a job request that makes no sense', () => {
  it('is reported as failed, with the field in the agent’s log, and the agent goes on', async () => {
    hub.enqueue('wrong', '{"job_id":"wrong","env_vars":[{"name":"A","value":{"secret":"marked-secret"}}]}');
    const agent = startAgent(hub, work);
    await reported('wrong');
    const id = hub.addJob(job('echo fine'));
    await reported(id);
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
    expect(['wrong', id].map((one) => hub.resultOf(one))).toEqual(['failed', 'passed']);
    expect(agent.output()).toContain('Job wrong cannot be run: env_vars[0].value: expected string');
    expect(agent.output()).not.toContain('marked-secret');
  });
});

describe('the example of a configuration file', () => {
  it('is one that the agent starts with', async () => {
    const agent = startAgent(hub, work, { flags: ['--config-file', 'resources/config.example.yaml'] });
    await hub.waitFor(() => hub.connectedAgents === 1);
    hub.requestShutdown('requested');
    expect(await agent.ended).toBe(0);
  });
});

describe('npm start', () => {
  it('shows a job at work and ends by itself', async () => {
    const home = mkdtempSync(join(work, 'home-'));
    const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home };
    const stdout = execFileSync(process.execPath, ['scripts/start.mjs', '--practice'], { env, encoding: 'utf8' });
    expect(stdout).toMatch(/The practice hub is ready on 127\.0\.0\.1:\d+/);
    expect(stdout).toContain('│ step 3 of 3\n');
    expect(stdout).toMatch(/The job passed, \d+\.\d s after the agent was started/);
    expect(readdirSync(home)).toEqual([]);
  });

  it('ends at Ctrl-C in the middle of the job, and leaves nothing', async () => {
    const home = mkdtempSync(join(work, 'home-'));
    const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home };
    // A terminal sends the signal to the whole group.
    const npm = spawn(process.execPath, ['scripts/start.mjs', '--practice'], { env, detached: true });
    const exitCode = new Promise((resolve) => npm.on('close', resolve));
    let shown = '';
    await new Promise<void>((resolve) => {
      npm.stdout.on('data', (chunk: Buffer) => {
        shown += chunk;
        if (shown.includes('step 1 of 3')) resolve();
      });
    });
    process.kill(-(npm.pid ?? 0), 'SIGINT');
    expect(await exitCode).toBe(130);
    expect(shown).toContain('• The job stopped; the agent ended with 0.\n');
    expect(readdirSync(home)).toEqual([]);
    const left = `grep -l "TMPDIR=${home}" /proc/[0-9]*/environ 2>/dev/null || true`;
    expect(execFileSync('bash', ['-c', left], { encoding: 'utf8' })).toBe('');
  });
});

describe('signalbox run', () => {
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
