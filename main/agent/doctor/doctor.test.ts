import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { loadConfig } from '../config/config.ts';
import { systemClock } from '../platform/clock.ts';
import { systemProcesses } from '../platform/system-processes.ts';
import { judgeRoom } from './check-temp-folder.ts';
import { canRunJobs, examine } from './doctor.ts';

let hub: PracticeHub;
let home: string;
beforeEach(async () => {
  hub = await PracticeHub.start();
  home = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true });
});

async function examined(
  flags: Readonly<Record<string, string>> = {},
  over: {
    readonly env?: Readonly<Record<string, string>>;
    readonly home?: string;
    readonly tempFolder?: string;
    readonly now?: number;
  } = {},
) {
  const given = { endpoint: hub.endpoint, token: hub.registrationToken, 'no-https': 'true', ...flags };
  const loaded = loadConfig({
    command: 'start',
    flags: Object.entries(given).map(([name, text]) => ({ name, text })),
    env: {},
    readFile: () => '',
  });
  if (!loaded.ok) throw new Error(loaded.problem);
  const env = { PATH: process.env.PATH ?? '', HOME: home, DOCKER_HOST: `unix://${home}/none.sock`, ...over.env };
  const clock = { ...systemClock, now: () => over.now ?? Date.now() };
  const tempFolder = over.tempFolder ?? home;
  const findings = await examine({
    config: loaded.config,
    env,
    home: over.home ?? home,
    tempFolder,
    clock,
    processes: systemProcesses,
  });
  return { findings, of: (check: string) => findings.find((finding) => finding.check === check) };
}

describe('examine', () => {
  it('finds a machine that is well, and names what only some jobs need', async () => {
    const { findings, of } = await examined();
    expect(canRunJobs(findings)).toBe(true);
    expect(of('hub')?.found).toContain('takes the token; 0 jobs wait');
    expect(of('clock')?.state).toBe('fine');
    expect(of('container engine')).toMatchObject({
      state: 'warning',
      found: expect.stringContaining('DOCKER_HOST (no such socket)'),
    });
    expect(of('toolbox')?.found).toContain('checkout, cache, artifact');
  });

  it('says of everything that is not fine what to do, and never shows a token', async () => {
    const { findings } = await examined({ token: 'not-the-right-one', 'env-vars': 'A=very-secret' });
    for (const { state, advice } of findings) expect(advice === undefined).toBe(state === 'fine');
    expect(JSON.stringify(findings)).not.toMatch(/not-the-right-one|very-secret/);
  });

  it.each([
    ['a token that the hub refuses', 'hub', { token: 'wrong' }, {}],
    ['a hub that is not there', 'hub', { endpoint: '127.0.0.1:1' }, {}],
    ['a hook that is missing', 'hooks', { 'pre-job-hook-path': '/nowhere/hook.sh' }, {}],
    ['no bash', 'shell', {}, { env: { PATH: '/nowhere', HOME: '/nowhere' } }],
    ['a home directory that is not there', 'shell', {}, { home: '/dev/null/home' }],
    ['a temp folder that is not there', 'temp folder', {}, { tempFolder: '/dev/null/tmp' }],
    ['no engine where only containers are allowed', 'container engine', { 'shell-jobs': 'refuse' }, {}],
    [
      'no kubeconfig where jobs run in pods',
      'kubernetes',
      { 'kubernetes-executor': 'true' },
      { env: { KUBECONFIG: '/nowhere' } },
    ],
  ])('calls %s a problem', async (_, check, flags, over) => {
    const { findings, of } = await examined(flags, over);
    expect(of(check)?.state).toBe('problem');
    expect(canRunJobs(findings)).toBe(false);
  });

  it('asks for nothing on this machine that no job in a pod needs', async () => {
    const over = { env: { PATH: '/nowhere', KUBECONFIG: '/nowhere' } };
    const { findings } = await examined({ 'kubernetes-executor': 'true', 'shell-jobs': 'refuse' }, over);
    expect(findings.filter(({ state }) => state === 'problem').map(({ check }) => check)).toEqual(['kubernetes']);
    const looked = findings.map(({ check }) => check);
    for (const check of ['shell', 'container engine', 'git', 'toolbox']) expect(looked).not.toContain(check);
    const { of } = await examined({ 'kubernetes-executor': 'true', 'shutdown-hook-path': '/bye.sh' }, over);
    expect(of('shell')?.found).toBe('bash was not found');
  });

  it('tells of a hub that speaks no TLS, and of a token that it refuses', async () => {
    expect((await examined({ 'no-https': 'false' })).of('hub')?.advice).toBe(
      'check the endpoint and its port; no-https is for one without TLS',
    );
    expect((await examined({ token: 'wrong' })).of('hub')?.found).toMatch(/ refuses the token: status 401, "/);
  });

  it('counts the jobs that wait', async () => {
    hub.addJob({ commands: [] });
    expect((await examined()).of('hub')?.found).toMatch(/; 1 job waits for agents of this type$/);
  });

  it.each([{ 'kubernetes-executor': 'true' }, { 'shell-jobs': 'refuse' }])(
    'does not look here for hooks of jobs that run in containers: %o',
    async (flags) => {
      const hooks = { 'pre-job-hook-path': '/ci/hook.sh', 'shutdown-hook-path': '/nowhere/bye.sh' };
      const { findings } = await examined({ ...hooks, ...flags });
      expect(findings.filter(({ check }) => check === 'hooks')).toMatchObject([
        { state: 'fine', found: expect.stringContaining('in the main container of every job') },
        { state: 'problem', found: 'shutdown-hook-path: there is no /nowhere/bye.sh' },
      ]);
    },
  );

  it('tells of a profile that ends the shell, and finds the toolbox where a profile has it', async () => {
    const profile = join(home, '.bash_profile');
    writeFileSync(profile, 'exit 3\n');
    expect((await examined()).of('shell')?.found).toContain('ends with 3');
    writeFileSync(profile, 'checkout() { :; }; cache() { :; }\n');
    expect((await examined()).of('toolbox')?.found).not.toMatch(/checkout|cache/);
  });

  it.each([
    [50 * 1024 ** 3, 'fine', /^50\.0 GB are free in \/tmp$/],
    [1024 ** 3, 'warning', /^1\.0 GB are free/],
    [1024 ** 2, 'problem', /^0\.0 GB are free/],
    [undefined, 'warning', /does not tell how much is free/],
  ])('with %s bytes free on the disk: %s', (free, state, told) => {
    const finding = judgeRoom(free, '/tmp');
    expect([finding.state, finding.advice === undefined]).toEqual([state, state === 'fine']);
    expect(finding.found).toMatch(told);
  });

  it('tells of a clock that is off, and of what a crashed job has left', async () => {
    const folder = join(home, 'signalbox-crashed');
    mkdirSync(folder);
    writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pid: 1, startedAt: 'long ago', mark: 'A=b' }));
    chmodSync(folder, 0o700);
    const { of } = await examined({}, { now: Date.now() - 600_000 });
    expect(of('clock')?.found).toMatch(/^this machine is \d+ s behind the hub$/);
    expect(of('leftovers')?.found).toContain('1 job has left something behind');
  });
});
