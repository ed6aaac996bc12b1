import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import type { StepOutcome } from '../executor.ts';
import type { DockerExecutor } from './docker-executor.ts';
import { DockerStage, type EngineState, type StagedJob } from './fake-stage.ts';

let stage: DockerStage;
let log: FakeJobLog;
let executor: DockerExecutor;
let before: EngineState;

beforeEach(async () => {
  stage = new DockerStage();
  log = new FakeJobLog();
  before = await stage.state();
});
afterEach(async () => {
  await executor.cleanUp();
  // Whatever it was: nothing is left of it.
  expect(await stage.state()).toEqual(before);
  await stage.close();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const MAIN = { name: 'main', image: 'conformance-base:1' };
const run = (directive: string) => executor.runCommand({ directive });
const output = () => log.events.at(-2);
const containerOfJob = async (number: number) => {
  const options = { all: true, filters: { label: ['io.signalbox.job=job-1'] } };
  const all = await Promise.resolve(stage.docker.listContainers(options));
  return all.find(({ Names }) => Names.some((name) => name.endsWith(`-${number}`)));
};
const mainContainer = async () => stage.docker.getContainer((await containerOfJob(0))?.Id ?? '');

async function start(
  containers: readonly Readonly<Record<string, unknown>>[],
  job: Omit<Partial<StagedJob>, 'log'> = {},
): Promise<StepOutcome> {
  executor = stage.executor({ ...job, log, compose: { containers, ...job.compose } });
  const prepared = await executor.prepare();
  return prepared.ok ? executor.start() : prepared;
}

const BECOME_BUILDER = `bash -c 'printf -v words "%q " "$@"; exec busybox su -s /bin/bash builder -c "exec $words"' x`;

/** Starts a job whose main container begins when a service of it has ended. `nudge`: what is done to that one until it has. */
async function startWhenOver(
  service: Readonly<Record<string, unknown>>,
  nudge: (container: Docker.Container) => Promise<unknown> = () => Promise.resolve(),
): Promise<StepOutcome> {
  mkdirSync(join(stage.home, 'gate'));
  const main = { ...MAIN, entrypoint: `bash -c 'until [ -e /gate/open ]; do sleep 0.05; done; exec "$@"' x` };
  const started = start([main, service], { settings: { files: ['~/gate:/gate'] } });
  const hasEnded = async () => {
    const found = await containerOfJob(1);
    if (found) await nudge(stage.docker.getContainer(found.Id)).catch(() => undefined);
    return found?.State;
  };
  await expect.poll(hasEnded).toBe('exited');
  writeFileSync(join(stage.home, 'gate', 'open'), '');
  return started;
}

describe('containers of a job', () => {
  it('answer to their names, whatever those are, and to the main one by its own', async () => {
    const web = { ...MAIN, command: 'busybox httpd -f -p 8080 -h /www' };
    const names = ['web', 'my_db.v1-x', 'Größe 9'];
    expect(await start([{ ...MAIN, name: 'builder' }, ...names.map((name) => ({ ...web, name }))])).toEqual({
      ok: true,
    });
    await run('reach() { until (exec 3<>/dev/tcp/$1/8080) 2>/dev/null; do sleep 0.1; done; echo "$1"; }');
    await run('reach web; reach my_db.v1-x; (exec 3<>/dev/tcp/builder/1) 2>&1 | grep -q refused && echo builder');
    expect(output()).toBe('web\nmy_db.v1-x\nbuilder\n');
  });

  it('have their variables, user and entrypoint; what an entrypoint exports the commands see', async () => {
    const variables = [
      { name: 'NASTY', value: base64('$HOME # : "\n\'') },
      { name: 'EMPTY', value: '' },
    ];
    const main = { ...MAIN, user: 'builder', entrypoint: '/entry.sh', env_vars: variables };
    expect(await start([main])).toEqual({ ok: true });
    await run(`id -un; echo "$FROM_ENTRYPOINT [\${EMPTY-unset}]"; printf %s "$NASTY" | base64`);
    expect(output()).toBe(`builder\nyes []\n${base64('$HOME # : "\n\'')}\n`);
  });

  it('keep the PATH of the image, whatever its profile says: their shell reads what other shells than login shells read', async () => {
    writeFileSync(join(stage.home, 'profile'), 'export PATH=/nowhere FROM=profile\n');
    writeFileSync(join(stage.home, 'bashrc'), 'FROM="$FROM bashrc"\n');
    const files = ['~/profile:/etc/profile', '~/profile:/root/.bash_profile', '~/bashrc:/root/.bashrc'];
    expect(await start([MAIN], { settings: { files } })).toEqual({ ok: true });
    await run('shopt -q login_shell; echo "$? $PATH$FROM"');
    expect(output()).toBe('1 /bin:/usr/bin bashrc\n');
  });

  it('end with all that an entrypoint which waits for us has started', async () => {
    const main = { ...MAIN, entrypoint: `bash -c 'sleep 400 & "$@"; echo over' entry` };
    expect(await start([main])).toEqual({ ok: true });
    expect(await run('sleep 300 & (exit 3)')).toBe(3);
    expect(await executor.stop()).toBe('terminated');
    expect(await run('ps -A -o args= | grep -c "^sleep"')).toBe(1);
    expect(output()).toBe('0\n');
  });

  it('reach the engine only where they may', async () => {
    expect(await start([MAIN], { settings: { mountEngineSocket: true } })).toEqual({ ok: true });
    await run('test -S /var/run/docker.sock && echo there');
    expect(output()).toBe('there\n');
    await executor.cleanUp();
    expect(await start([MAIN], { settings: { mountEngineSocket: true, mayUseHost: false } })).toEqual({ ok: true });
    await run('test -e /var/run/docker.sock || echo "not there"');
    expect(output()).toBe('not there\n');
  });

  it('have /dev/kvm where it exists and they may', async () => {
    expect(await start([MAIN], { settings: { exposeKvm: true } })).toEqual({ ok: true });
    expect(await run('test -e /dev/kvm')).toBe(existsSync('/dev/kvm') ? 0 : 1);
  });

  it('have files and folders of this machine', async () => {
    mkdirSync(join(stage.home, 'a folder'));
    writeFileSync(join(stage.home, 'a folder', 'x'), 'mounted');
    const files = ['~/a folder:/mnt/a folder', '~/missing:/mnt/missing'];
    expect(await start([MAIN], { settings: { files } })).toEqual({ ok: true });
    await run('cat "/mnt/a folder/x"; echo /mnt/*');
    expect(output()).toBe('mounted/mnt/a folder\n');
    expect(stage.warnings).toEqual([`Of files, ${stage.home}/missing does not exist: it is not in the container`]);
    expect(await executor.injectFiles([{ path: '/proc/sys/x', content: base64('x'), mode: '0644' }])).toBe(1);
    expect(output()).toBe(
      'Injecting /proc/sys/x with file mode 0644\nFailed to move to destination path /proc/sys/x\n',
    );
  });

  it('get files into the home of whoever a path names, with a mode laid over the one that files have', async () => {
    expect(await start([MAIN])).toEqual({ ok: true });
    const file = (path: string, mode: string) => ({ path, mode, content: base64('x') });
    const files = [file('~builder/a b', '600'), file('~/run', '+x'), file('~nobody here', '0644')];
    expect(await executor.injectFiles(files)).toBe(0);
    await run('stat -c "%n %a" /home/builder/* /root/run "/root/~nobody here"');
    expect(output()).toBe('/home/builder/a b 600\n/root/run 755\n/root/~nobody here 644\n');
  });

  it('are started again, with all they have written, when the main one was ended', async () => {
    await start([MAIN]);
    await executor.exportVariables([{ name: 'KEPT', value: Buffer.from('kept') }]);
    const running = run('echo data > /tmp/written; echo begun; sleep 300');
    await log.shows('begun');
    await (await mainContainer()).kill();
    expect(await running).toBe(1);
    expect(output()).toBe('begun\nThe container has ended with 137\n');
    expect(await run('cat /tmp/written; echo "$KEPT"')).toBe(0);
    expect(output()).toBe('data\nkept\n');
  });

  it('are stopped though somebody has paused them', async () => {
    await start([MAIN, { ...MAIN, name: 'db', command: 'sleep 300' }]);
    const running = run('echo begun; sleep 300');
    await log.shows('begun');
    for (const { Id } of await stage.docker.listContainers()) await stage.docker.getContainer(Id).pause();
    expect(await executor.stop()).toBe('terminated');
    expect(await running).toBe(1);
    expect(output()).toBe('begun\n');
  });

  it.each([
    ['root', {}],
    ['a user whom the entrypoint has made of root', { entrypoint: BECOME_BUILDER }],
  ])('of %s have their commands by the quick way, and by the other where that is not open', async (_who, more) => {
    expect(await start([{ ...MAIN, ...more }])).toEqual({ ok: true });
    const where = async (directive = 'true') => {
      expect(await run(`${directive}; echo "\${BASH_SOURCE%/.*}"`)).toBe(0);
      return output();
    };
    expect(await where()).toBe('/tmp\n');
    const taker = `case $(tr '\\0' ' ' < "$at/cmdline") in *'name && IFS'*) kill -9 "\${at#/proc/}"; echo ended;; esac`;
    expect(await where(`for at in /proc/[0-9]*; do ${taker}; done 2>/dev/null`)).toBe('ended\n/tmp\n');
    expect(await where()).toBe('\n');
    expect(await where('rm -rf /tmp/.[!.]*')).toBe('/tmp\n');
    expect(await where()).toBe('\n');
    expect(await where()).toBe('/tmp\n');
    expect(await where(`: ${'x'.repeat(70_000)}`)).toBe('\n');
  });

  it('that need more memory than they may have are said to be killed for it', async () => {
    await start([MAIN]);
    await (await mainContainer()).update({ Memory: 30_000_000, MemorySwap: 30_000_000 });
    const useUpAll = 'x=x; while :; do x=$x$x; done';
    const useUp = async () => {
      expect(await run(`(${useUpAll})`)).toBe(137);
      return output();
    };
    const told = /Killed by the system: the container had used all the memory that it may have\n$/;
    expect(await useUp()).toMatch(told);
    expect(await run('(kill -9 $BASHPID)')).toBe(137);
    expect(output()).not.toMatch(told);
    // The shell itself.
    expect(await run(useUpAll)).toBe(1);
    expect(output()).toMatch(told);
    const running = run('echo begun; sleep 300');
    await log.shows('begun');
    await (await mainContainer()).kill();
    expect(await running).toBe(1);
    expect(await useUp()).toMatch(told);
  });

  it('that somebody has removed are gone for good: no command runs any more', async () => {
    await start([MAIN]);
    const running = run('echo begun; sleep 300');
    await log.shows('begun');
    await Promise.resolve((await mainContainer()).remove({ force: true }));
    expect(await running).toBe(1);
    // Who asks early hears that it has ended.
    expect(output()).toMatch(/^begun\nThe container (was removed|has ended with 137)\n$/);
    expect(await run('echo never')).toBe(1);
    expect(log.events.slice(-2)).toEqual(['> echo never', '< 1']);
  });
});

describe('set-up commands on this machine', () => {
  const host = (...commands: readonly string[]) => ({
    compose: { host_setup_commands: commands.map((directive) => ({ directive })) },
  });

  it('run before anything else, and what they leave running ends with the job', async () => {
    const left = `(setsid nohup sleep 300 >/dev/null 2>&1 & echo $! > ${join('$HOME', 'pid')})`;
    expect(
      await start([MAIN], {
        ...host('echo made > "$HOME/made"', left),
        settings: { files: ['~/made:/made', '~/pid:/pid'] },
      }),
    ).toEqual({ ok: true });
    await run('cat /made');
    expect(output()).toBe('made\n');
    expect(await executor.cleanUp()).toBe('terminated');
  });

  it.each([
    [host('exit 4'), {}, 'its host set-up command 1 of 1 ended with 4'],
    [host('true', 'kill -9 $$', 'true'), {}, 'its host set-up command 2 of 3 ended with a signal'],
    [host('true'), { mayUseHost: false }, 'it wants commands run on this machine, which is refused here (shell-jobs)'],
  ])('%j with %j fail the job with a line that says why', async (job, settings, reason) => {
    expect(await start([MAIN], { ...job, settings })).toEqual({ ok: false, reason });
    expect(log.events).toEqual([]);
  });

  it('are ended by a stop', async () => {
    const started = start([MAIN], host('touch "$HOME/begun"; sleep 300'));
    await expect.poll(() => existsSync(join(stage.home, 'begun'))).toBe(true);
    expect(await executor.stop()).toBe('terminated');
    expect(await started).toEqual({ ok: false, reason: 'its host set-up command 1 of 1 was stopped' });
  });
});

describe('what cannot be started', () => {
  const starting = ['> Starting the docker image...', '< 1'];

  it.each([
    ['no bash', [{ ...MAIN, image: 'conformance-nobash:1' }], /container main: .*"bash": executable file not found/],
    ['a bad entrypoint', [{ ...MAIN, entrypoint: '/nowhere' }], /container main: .*\/nowhere.*no such file/],
    [
      'an entrypoint that gives up',
      [{ ...MAIN, entrypoint: `bash -c 'echo "no licence here"; exit 9' x` }],
      /^The container has ended with 9:\nno licence here$/,
    ],
    [
      'an entrypoint that gives up, asks before, and says much',
      [{ ...MAIN, entrypoint: `bash -c 'echo "no licence"; read -rt 1 -p "Key? " key; echo "[$key]"; exit 9' x` }],
      /^The container has ended with 9:\nno licence\nKey\? \[\]$/,
    ],
    ['an unknown user', [{ ...MAIN, user: 'nobody-here' }], /container main: .*nobody-here/],
    [
      'a service with a bad command',
      [MAIN, { ...MAIN, name: 'db', command: '/nowhere' }],
      /container db: .*\/nowhere.*no such file/,
    ],
    [
      'a variable that no program can take',
      [{ ...MAIN, env_vars: [{ name: 'BIG', value: base64('x'.repeat(1_000_000)) }] }],
      /^the variable BIG of the container main has 1000004 bytes: no program starts with that; put BIG into a file of the job$/,
    ],
  ])('%s: the reason is in the log', async (_what, containers, reason) => {
    expect((await start(containers)).ok).toBe(false);
    const [, , began, text, ended] = log.events;
    expect([began, ended]).toEqual(starting);
    const [, told] =
      /^Starting a new bash session\.\nFailed to start the docker image\n([\s\S]*)\n$/.exec(text ?? '') ?? [];
    expect(told).toMatch(reason);
  });

  it('a service that dies at once is named with its last lines, and the job goes on', async () => {
    const db = { ...MAIN, name: 'db', command: `bash -c 'seq 1 30; echo "no data directory"; exit 3'` };
    expect(await startWhenOver(db)).toEqual({ ok: true });
    const lines = output()?.split('\n') ?? [];
    expect(lines.slice(0, 2)).toEqual(['Starting a new bash session.', 'The container db has ended with 3:']);
    expect(lines).toHaveLength(13);
    expect(lines).toContain('no data directory');
    expect(lines).toContain('30');
  });

  it('a service that had used all the memory it may have is said to be killed for it', async () => {
    // The first process of a container passes over what it has no trap for.
    const useUp = `bash -c 'trap "while :; do x=x\\$x\\$x; done" USR1; while :; do sleep 0.1; done'`;
    const nudge = async (container: Docker.Container) => {
      await container.update({ Memory: 30_000_000, MemorySwap: 30_000_000 });
      await container.kill({ signal: 'SIGUSR1' });
    };
    expect(await startWhenOver({ ...MAIN, name: 'db', command: useUp }, nudge)).toEqual({ ok: true });
    expect(output()).toMatch(/\nThe container db was killed: it had used all the memory that it may have[,:]/);
  });

  it('a service with a variable that no program can take is named with it', async () => {
    const db = {
      ...MAIN,
      name: 'db',
      command: 'true',
      env_vars: [{ name: 'BIG', value: base64('x'.repeat(1_000_000)) }],
    };
    expect(await startWhenOver(db)).toEqual({ ok: true });
    expect(output()).toBe(
      'Starting a new bash session.\nThe container db has ended with 1: the variable BIG of the container db has 1000004 bytes: no program starts with that; put BIG into a file of the job\n',
    );
  });

  it.each([
    ['NO/such IMAGE:1', /^NO\/such IMAGE:1 is no name of an image\n$/],
    ['NO/such:1', /must be lowercase/],
    ['../containers/json', /is no name of an image/],
    ['127.0.0.1:9/does/not:exist', /connection refused/],
  ])('the image %s: the pull says why', async (image, reason) => {
    expect((await start([{ ...MAIN, image }])).ok).toBe(false);
    expect(log.events[0]).toBe('> Pulling docker images...');
    expect(log.events[1]).toMatch(reason);
    expect(log.events[2]).toBe('< 1');
  });

  it('a file that is missing, where that is to fail a job', async () => {
    const settings = { files: ['/no/where:/x'], failOnMissingFiles: true };
    expect(await start([MAIN], { settings })).toEqual({ ok: false, reason: 'of files, /no/where does not exist' });
  });

  it('for want of an engine: one line of what was tried', async () => {
    expect((await start([MAIN], { env: { DOCKER_HOST: '', DOCKER_CONTEXT: 'gone' } })).ok).toBe(false);
    expect(log.events[1]).toMatch(
      /^no container engine was found; start one, or set DOCKER_HOST\. Tried the docker context "gone" \(it has no address; see docker context ls\)[,;] .*\n$/,
    );
  });
});
