import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TailMessage } from '../../../shared/contract/tail.ts';
import { PracticeHub } from '../../practice/practice-hub.ts';
import { NO_SCOPE } from '../executor/shell/job-scope.ts';
import { ShellExecutor } from '../executor/shell/shell-executor.ts';
import { fakeRegistration } from '../hub/fake-registration.ts';
import { HubClient } from '../hub/hub-client.ts';
import { createHttp } from '../hub/undici-http.ts';
import { temporaryFolders } from '../log/history/job-folders.ts';
import { Tails } from '../log/tails.ts';
import { systemClock } from '../platform/clock.ts';
import { linuxProcesses } from '../platform/linux-processes.ts';
import { systemRandom } from '../platform/random.ts';
import { jobFromHub } from './fetch-job.ts';
import type { HookSettings } from './hooks.ts';
import { jobAboutOf } from './job-about.ts';
import type { JobPolicy } from './job-policy.ts';
import { JobProcessor } from './job-processor.ts';
import { createOpenLog } from './open-log.ts';

let hub: PracticeHub;
let home: string;
let lines: string[];
/** What a window is told that looks on from the begin. */
let told: TailMessage[];
const http = createHttp(systemClock);
const NO_HOOKS: HookSettings = {
  preJobHookPath: '',
  postJobHookPath: '',
  failOnPreJobHookError: false,
  sourcePreJobHook: false,
};
const ALL_ALLOWED: JobPolicy = {
  allowedProjects: [],
  allowedBranches: [],
  forkedPullRequests: 'allow',
  shellJobs: 'allow',
  kubernetes: false,
};

beforeEach(async () => {
  hub = await PracticeHub.start();
  home = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  lines = [];
  told = [];
});
afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true });
});

/** Begins a job as if the hub had just given it out, on a real shell. */
async function begin(
  request: Record<string, unknown>,
  over: {
    readonly hooks?: Partial<HookSettings>;
    readonly policy?: Partial<JobPolicy>;
    readonly mirror?: () => Promise<void>;
  } = {},
) {
  const client = new HubClient({
    http,
    endpoint: hub.endpoint,
    noHttps: true,
    registrationToken: hub.registrationToken,
  });
  const registration = fakeRegistration({ name: `test-agent-${hub.jobIds.length}` });
  const { token } = await client.register(registration);
  const id = hub.addJob(request);
  await client.sync(token, { state: 'waiting-for-jobs', job_id: '', job_result: '', interrupted_at: 0 });
  const log = {
    info: (text: string) => lines.push(text),
    warn: (text: string) => lines.push(text),
    error: (text: string) => lines.push(text),
  };
  const shell = { clock: systemClock, random: systemRandom, processes: linuxProcesses, home, tempFolder: home };
  const tails = new Tails(systemClock);
  tails.add({ send: (batch) => told.push(...batch), onMessage: () => undefined, onClose: () => undefined });
  const openScope = () => Promise.resolve(NO_SCOPE);
  const env = { PATH: process.env.PATH ?? '', HOME: home, TERM: 'xterm' };
  const processor = new JobProcessor({
    http,
    clock: systemClock,
    log,
    openLog: createOpenLog({
      http,
      clock: systemClock,
      log,
      folders: temporaryFolders(home),
      mirror: over.mirror,
      tails,
      aboutOf: (request) => jobAboutOf(request, { kubernetes: false }),
      secretsOf: () => undefined,
      artifacts: { when: () => 'never', env: {}, programEnv: {} },
    }),
    chooseExecutor: () => (jobLog) => new ShellExecutor({ ...shell, openScope, env, log: jobLog }),
    hooks: { ...NO_HOOKS, ...over.hooks },
    policy: { ...ALL_ALLOWED, ...over.policy },
    agentVariables: [],
  });
  return {
    id,
    job: processor.start(jobFromHub({ hub: client, clock: systemClock, jobId: id, accessToken: () => token }), () =>
      lines.push('running'),
    ),
  };
}

const commands = (...directives: string[]) => ({ commands: directives.map((directive) => ({ directive })) });
const shows = (id: string, text: string) => hub.waitFor(() => hub.log(id).text.includes(text));
const log = (id: string) => hub.log(id).events.map((event) => event.event);

describe('JobProcessor', () => {
  it('runs a job, delivers its log, and leaves nothing', async () => {
    const { id, job } = await begin(commands('echo hi', 'sleep 300 & true'));
    expect(await job.ended).toEqual({ result: 'passed' });
    expect(log(id).at(-1)).toBe('job_finished');
    expect(lines).toEqual([
      'running',
      `Job ${id} had left processes running: all of them went when they were asked to`,
      `Job ${id} passed`,
    ]);
    expect(readdirSync(home)).toEqual([]);
  });

  it('tells who looks on what is to come, and what was skipped behind a failure', async () => {
    const gate = join(home, 'gate');
    const epilogue = [{ directive: 'echo always' }];
    const { job } = await begin({
      ...commands(`until [ -e ${gate} ]; do sleep 0.02; done`, 'false', 'echo never'),
      epilogue_always_commands: epilogue,
    });
    const outlook = () => told.filter(({ kind }) => kind === 'awaited').at(-1);
    const names = ['false', 'echo never', 'echo always'];
    await expect.poll(outlook).toEqual({ kind: 'awaited', names, more: 0, skipped: 0 });
    writeFileSync(gate, '');
    expect(await job.ended).toEqual({ result: 'failed' });
    // A reader is told when it has taken what came before, which may be after the job.
    await expect.poll(outlook).toEqual({ kind: 'awaited', names: [], more: 0, skipped: 1 });
  });

  it("tells in the agent's log of a command of the toolbox that is missing", async () => {
    const { job } = await begin(commands('checkout --help'));
    expect(await job.ended).toEqual({ result: 'failed' });
    expect(lines.join('\n')).toContain('The job calls checkout, which was not found: install Semaphore');
  });

  it('ends a job that was stopped before it was built, without a command', async () => {
    const { id, job } = await begin(commands('echo never'));
    job.stop();
    expect(await job.ended).toEqual({ result: 'stopped' });
    expect(log(id)).toEqual([]);
  });

  it('runs the post-job hook after a stop, and ends it at the second', async () => {
    writeFileSync(join(home, 'hook.sh'), 'echo "hook begins"; sleep 300\n');
    const { id, job } = await begin(commands('echo begun; sleep 300'), {
      hooks: { postJobHookPath: join(home, 'hook.sh') },
    });
    await shows(id, 'begun\n');
    job.stop();
    await shows(id, 'hook begins\n');
    job.stop();
    expect(await job.ended).toEqual({ result: 'stopped' });
    expect(log(id).at(-1)).toBe('job_finished');
  });

  it('skips the post-job hook where no session could be started', async () => {
    writeFileSync(join(home, '.bash_profile'), 'exit 3\n');
    const { id, job } = await begin(commands('echo never'), { hooks: { postJobHookPath: '/hook.sh' } });
    expect(await job.ended).toEqual({ result: 'failed' });
    expect(hub.log(id).text).toBe('Skipped: the job has no session to run the hook in.\n');
    expect(lines.join('\n')).toContain('the job could not be started: bash ended before it was ready');
  });

  it('runs nothing of a job that its policy refuses, and the log says why', async () => {
    const touched = join(home, 'touched');
    writeFileSync(join(home, 'hook.sh'), `touch ${touched}\n`);
    const { id, job } = await begin(
      { ...commands(`touch ${touched}`), epilogue_always_commands: [{ directive: `touch ${touched}` }] },
      {
        policy: { allowedProjects: ['shop'] },
        hooks: { preJobHookPath: join(home, 'hook.sh'), postJobHookPath: join(home, 'hook.sh') },
      },
    );
    expect(await job.ended).toEqual({ result: 'failed' });
    expect(log(id)).toEqual(['job_started', 'cmd_started', 'cmd_output', 'cmd_finished', 'job_finished']);
    expect(hub.log(id).events[1]).toMatchObject({ directive: "Checking this agent's job policy" });
    expect(hub.log(id).text).toContain('Refused by allowed-projects: the job does not say SEMAPHORE_PROJECT_NAME.\n');
    expect(readdirSync(home)).toEqual(['hook.sh']);
    expect(lines).toContain(`Job ${id} is refused by allowed-projects`);
  });

  it.each([
    ['" passed "', 'passed', '=passed - '],
    ['$(printf "failed\\n\\n")', 'failed', '=failed - '],
    ['" two  words"', 'stopped', " is set to 'two words' - "],
  ])('takes its result from %s when it stops itself', async (value, result, told) => {
    const { id, job } = await begin({
      ...commands(`SEMAPHORE_JOB_RESULT=${value}; return 130`, 'echo never'),
      epilogue_always_commands: [{ directive: 'echo never' }],
    });
    expect(await job.ended).toEqual({ result });
    expect(hub.log(id).text).toBe(`SEMAPHORE_JOB_RESULT${told}stopping job and marking it as ${result}`);
  });

  it('tells a server that pulls the log, in order, and only where it gave an address', async () => {
    const logger = { method: 'pull' };
    const url = `http://${hub.endpoint}/callbacks`;
    const { job } = await begin({
      ...commands('false'),
      logger,
      callbacks: { finished: `${url}/finished`, teardown_finished: `${url}/teardown`, token: 't' },
    });
    expect(await job.ended).toEqual({ result: 'failed' });
    const told = hub.calls
      .filter(({ kind }) => kind === 'callback')
      .map(({ path, body, authorization }) => [path, body, authorization]);
    expect(told).toEqual([
      ['/callbacks/finished', '{"result": "failed"}', 'Bearer t'],
      ['/callbacks/teardown', '{}', 'Bearer t'],
    ]);
    expect(await (await begin({ ...commands('true'), logger })).job.ended).toEqual({ result: 'passed' });
  });

  it('reports a job although nobody reads its plain text', async () => {
    const { job } = await begin(commands('echo hi'), { mirror: () => new Promise(() => undefined) });
    expect(await job.ended).toEqual({ result: 'passed' });
  });

  it('names a variable that is no base64, and not its value', async () => {
    const { id, job } = await begin({ ...commands('echo never'), env_vars: [{ name: 'BAD', value: '!!marked!!' }] });
    expect(await job.ended).toEqual({ result: 'failed' });
    expect(lines.join('\n')).toContain('the value of the variable BAD is not base64');
    expect(lines.join('\n') + hub.log(id).text).not.toContain('marked');
  });
});
