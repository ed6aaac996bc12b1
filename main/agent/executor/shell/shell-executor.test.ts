import { existsSync, readFileSync, statSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { systemClock } from '../../platform/clock.ts';
import { linuxProcesses } from '../../platform/linux-processes.ts';
import { systemRandom } from '../../platform/random.ts';
import { createOpenJobScope, NO_SCOPE, type OpenJobScope } from './job-scope.ts';
import { ShellExecutor, type ShellExecutorOptions } from './shell-executor.ts';

let home: string;
let log: FakeJobLog;
let executor: ShellExecutor;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  log = new FakeJobLog();
  executor = executorWith(() => Promise.resolve(NO_SCOPE));
  expect(await executor.prepare()).toEqual({ ok: true });
});

function executorWith(
  openScope: OpenJobScope,
  env: Record<string, string> = {},
  over: Partial<ShellExecutorOptions> = {},
): ShellExecutor {
  return new ShellExecutor({
    log,
    clock: systemClock,
    random: systemRandom,
    processes: linuxProcesses,
    openScope,
    env: { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8', TERM: 'xterm', ...env },
    home,
    tempFolder: home,
    ...over,
  });
}

afterEach(async () => {
  await executor.cleanUp();
  await rm(home, { recursive: true });
});

const variable = (name: string, value: string | Uint8Array) => ({ name, value: Buffer.from(value) });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const run = (directive: string) => executor.runCommand({ directive });

/** True while a process with this id runs. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

describe('ShellExecutor', () => {
  it.each([
    [
      { home: '/dev/null/home' },
      'the home directory /dev/null/home cannot be entered (ENOTDIR); make it, or set HOME to another',
    ],
    [{ home: '/dev/null' }, expect.stringContaining('/dev/null cannot be entered (ENOTDIR)')],
    [{ tempFolder: '/dev/null/tmp' }, expect.stringContaining('in /dev/null/tmp (ENOTDIR); set TMPDIR to a folder')],
  ])('does not begin where a job has no place: %o', async (over, reason) => {
    const homeless = executorWith(() => Promise.resolve(NO_SCOPE), {}, over);
    expect(await homeless.prepare()).toEqual({ ok: false, reason });
    expect(await homeless.cleanUp()).toBe('nothing-left');
  });

  it('exports variables, byte for byte, and runs commands', async () => {
    await executor.start();
    expect(await executor.exportVariables([variable('NOT-GOOD', 'x'), variable('Q', 'it\'s $HOME `id` "q"\n\\')])).toBe(
      0,
    );
    expect(await executor.exportVariables([variable('RAW', Buffer.from([0xff, 0x27, 0xe2]))])).toBe(0);
    expect(await run('printf %s "$Q"; printf %s "$RAW" | od -An -tx1')).toBe(0);
    expect(log.events).toEqual([
      '> Exporting environment variables',
      'Exporting NOT-GOOD\nExporting Q\n',
      '< 0',
      '> Exporting environment variables',
      'Exporting RAW\n',
      '< 0',
      '> printf %s "$Q"; printf %s "$RAW" | od -An -tx1',
      'it\'s $HOME `id` "q"\n\\ ff 27 e2\n',
      '< 0',
    ]);
  });

  it('shows alias and warning of a command', async () => {
    await executor.start();
    expect(
      await executor.runCommand({
        directive: 'exit_with() { return 4; }; exit_with',
        alias: 'Fails',
        warning: 'Careful.',
      }),
    ).toBe(4);
    expect(log.events).toEqual([
      '> Fails',
      'Running: exit_with() { return 4; }; exit_with\nWarning: Careful.\n',
      '< 4',
    ]);
  });

  it('goes on in a new session with the same variables when the shell died', async () => {
    await executor.start();
    await executor.exportVariables([variable('FROM_JOB', 'kept')]);
    expect(await run('cd /; export OWN=1; exit 3')).toBe(1);
    expect(await run('echo "$FROM_JOB [$OWN]"; pwd')).toBe(0);
    expect(log.events.slice(-2)).toEqual([`kept []\n${home}\n`, '< 0']);
  });

  it('reads a variable without a trace of it in the log', async () => {
    await executor.start();
    await run('export RESULT=" two\nlines "; set -xu; echo() { :; }; printf() { :; }; builtin() { :; }');
    const before = log.events.length;
    expect(await executor.readVariable('UNSET')).toBe('');
    expect(await executor.readVariable('RESULT')).toBe(' two\nlines ');
    expect(log.events.length).toBe(before);
  });

  it('keeps what it writes to itself, and leaves nothing', async () => {
    await executor.start();
    await executor.exportVariables([variable('SECRET', 's3cret')]);
    const [folder = ''] = await readdir(home);
    expect(statSync(join(home, folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(join(home, folder))) {
      expect(statSync(join(home, folder, name)).mode & 0o777).toBe(0o600);
    }
    await executor.cleanUp();
    expect(await readdir(home)).toEqual([]);
  });

  it('injects files that can be run at once', async () => {
    await executor.start();
    const files = [
      { path: 'deep/er/run.sh', content: base64('#!/bin/sh\necho run'), mode: '0755' },
      { path: 'there/../relative/', content: '', mode: '0644' },
      { path: '~/tilde.txt', content: base64('tilde'), mode: '0440' },
      { path: join(home, 'absolute.txt'), content: '', mode: '600' },
    ];
    expect(await executor.injectFiles(files)).toBe(0);
    expect(await run('./deep/er/run.sh; cat tilde.txt; stat -c %a deep tilde.txt absolute.txt; ls -F relative')).toBe(
      0,
    );
    expect(log.events.at(-2)).toBe('run\ntilde750\n440\n600\nrelative\n');
  });

  it.each([
    [{ path: 'a', content: '***', mode: '0644' }, 'Failed to decode the content of the file.\n'],
    [{ path: 'a', content: '', mode: 'rwx' }, "bad file permission 'rwx'\n"],
    [{ path: 'a', content: '', mode: '40000000000' }, "bad file permission '40000000000'\n"],
    [
      { path: 'a\0b', content: '', mode: '0644' },
      "Failed to create destination path '{{HOME}}/a\0b': open {{HOME}}/a\0b: invalid argument\n",
    ],
    [
      { path: '/proc/none/b', content: '', mode: '0644' },
      "Failed to create directory '/proc/none': mkdir /proc/none: no such file or directory\n",
    ],
    [
      { path: '~/new//x/../b', content: '', mode: '0644' },
      "Failed to create destination path '{{HOME}}/new//x/../b': open {{HOME}}/new//x/../b: no such file or directory\n",
    ],
    [
      { path: 'file/b', content: '', mode: '0644' },
      "Failed to create directory '{{HOME}}/file': mkdir {{HOME}}/file: not a directory\n",
    ],
    [
      { path: 'folder', content: '', mode: '0644' },
      "Failed to create destination path '{{HOME}}/folder': open {{HOME}}/folder: is a directory\n",
    ],
  ])('tells why %j cannot be injected', async (file, problem) => {
    await writeFile(join(home, 'file'), '');
    await run('mkdir folder');
    expect(await executor.injectFiles([file])).toBe(1);
    expect(log.events.at(-2)?.replaceAll(home, '{{HOME}}').split('\n').slice(1).join('\n')).toBe(problem);
  });

  it('stops a running command with everything that the job started', async () => {
    await executor.start();
    const wait = (name: string) => `bash -c 'echo $$ >${name}; exec sleep 300'`;
    await run(`${wait('background')} & setsid ${wait('session')} & (setsid nohup ${wait('twice')} >/dev/null 2>&1 &)`);
    const stopped = run(
      "trap 'echo bye' EXIT; until [ -s background -a -s session -a -s twice ]; do :; done; echo started; sleep 303",
    );
    await log.shows('started');
    const pids = ['background', 'session', 'twice'].map((name) => Number(readFileSync(join(home, name), 'utf8')));
    expect(pids.map(runs)).toEqual([true, true, true]);
    expect(await executor.stop()).toBe('terminated');
    expect(await stopped).toBe(1);
    // Bash may still say `Terminated` of what it sees end before it ends itself.
    expect(log.events.at(-2)).toMatch(/^started\nbye\n/);
    expect(log.events.at(-1)).toBe('< 1');
    expect(pids.map(runs)).toEqual([false, false, false]);
  });

  /** `escaping`: how the job gets its process away from its parents, its session and its environment. */
  async function getsAway(escaping: (program: string) => string): Promise<number> {
    await executor.start();
    await run(escaping(`bash -c 'echo $$ >away; exec sleep 300 </dev/null >/dev/null 2>&1'`));
    await run('until [ -s away ]; do :; done');
    return Number(readFileSync(join(home, 'away'), 'utf8'));
  }

  it('ends what emptied its environment and forked twice, where the machine has control groups for it', async () => {
    await executor.cleanUp();
    const scope = await createOpenJobScope({ clock: systemClock, env: {} })('signalbox-test-scope');
    executor = executorWith(() => Promise.resolve(scope));
    expect(await executor.prepare()).toEqual({ ok: true });
    const pid = await getsAway((program) => `(setsid env -i ${program} &)`);
    expect(runs(pid)).toBe(true);
    expect(await executor.cleanUp()).toBe(scope.holds ? 'terminated' : 'nothing-left');
    expect(runs(pid)).toBe(!scope.holds);
    if (!scope.holds) process.kill(pid, 'SIGKILL');
    expect(existsSync(scope.path)).toBe(false);
  });

  it("asks the user's systemd for a scope where it may not make a group itself", async () => {
    await executor.cleanUp();
    const bin = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
    const standIn =
      '#!/bin/bash\necho "$@" >>"$XDG_RUNTIME_DIR/asked"; until [ "$1" = -- ]; do shift; done; shift; exec "$@"\n';
    await mkdir(join(bin, 'systemd'));
    await writeFile(join(bin, 'systemd-run'), standIn, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}`, HOME: home, XDG_RUNTIME_DIR: bin };
    const openScope = createOpenJobScope({ clock: systemClock, env, createGroup: () => undefined });
    executor = executorWith(openScope, env);
    expect(await executor.prepare()).toEqual({ ok: true });
    expect(await run('exit 3')).toBe(1);
    expect(await run('true')).toBe(0);
    const asked = readFileSync(join(bin, 'asked'), 'utf8').split('\n');
    await rm(bin, { recursive: true });
    const call = '--user --scope --quiet --collect';
    const name = /--unit=(\S+)-0/.exec(asked[1] ?? '')?.[1];
    expect(asked[0]).toBe(`${call} -- true`);
    expect(asked[1]).toMatch(new RegExp(`^${call} --unit=${name}-0 -- bash `));
    expect(asked.join('\n')).toContain(`${call} --unit=${name}-1 -- bash `);
  });

  it('ends what emptied its environment and left its parents after it was seen', async () => {
    const pid = await getsAway(
      (program) =>
        `{ setsid env -i bash -c "${program.replaceAll('$', '\\$')} & until [ -e leave ]; do sleep 0.1; done"; :; } &`,
    );
    await run('sleep 1.2; touch leave; wait');
    expect(runs(pid)).toBe(true);
    expect(await executor.cleanUp()).toBe('terminated');
    expect(runs(pid)).toBe(false);
  });

  it('fails a command that cannot be written, and runs the next one', async () => {
    await executor.start();
    const [folder = ''] = await readdir(home);
    await run(`rm -r ${folder}; touch ${folder}`);
    expect(await run('echo never')).toBe(1);
    expect(log.events.at(-2)).toMatch(/^The command could not be written for bash \(E\w+\)\.\n$/);
    await rm(join(home, folder));
    expect(await run('echo again')).toBe(0);
  });

  it('goes on in memory when the disk is full', async () => {
    await executor.start();
    const [folder = ''] = await readdir(home);
    await run(`ln -sf /dev/full ${folder}/command; ln -sf /dev/full ${folder}/variables`);
    expect(await executor.exportVariables([variable('ADDED', 'yes')])).toBe(0);
    expect(await run('echo "$ADDED"; echo "$BASH_SOURCE"')).toBe(0);
    const [added, script = ''] = log.events.at(-2)?.split('\n') ?? [];
    expect(added).toBe('yes');
    expect(script).toMatch(/^\/dev\/shm\/signalbox-/);
    expect(statSync(dirname(script)).mode & 0o777).toBe(0o700);
    await executor.cleanUp();
    expect(existsSync(dirname(script))).toBe(false);
  });

  it('goes on when the shell loses its parent', async () => {
    await executor.start();
    expect(await run('echo before; kill -9 $PPID; sleep 300')).toBe(1);
    expect(log.events.at(-2)?.startsWith('before\n')).toBe(true);
    expect(await run('echo after')).toBe(0);
    expect(log.events.at(-2)).toBe('after\n');
  });

  it('goes on with a profile that reads what was typed for the shell', async () => {
    await writeFile(join(home, '.bash_profile'), 'read -r swallowed\n');
    expect(await executor.start()).toEqual({ ok: true });
    expect(await run('test -n "$swallowed" && echo "[something]"')).toBe(0);
    expect(log.events.at(-2)).toBe('[something]\n');
  });

  it('starts in the home directory, whatever profile and environment say', async () => {
    await executor.cleanUp();
    await writeFile(join(home, '.bash_profile'), 'echo noise; cd /usr\n');
    const functions = { 'BASH_FUNC_printf%%': '() { echo "own $1"; }', 'BASH_FUNC_read%%': '() { return 1; }' };
    executor = executorWith(() => Promise.resolve(NO_SCOPE), {
      ...functions,
      BASH_ENV: '/dev/stdin',
      SHELLOPTS: 'xtrace',
    });
    await executor.prepare();
    expect(await executor.start()).toEqual({ ok: true });
    await run('set +x');
    expect(await run('pwd; printf x')).toBe(0);
    expect(log.events.at(-2)).toBe(`${home}\nown x\n`);
  });

  it('shows a job nothing of what was typed', async () => {
    await executor.start();
    await run('history; fc -l 2>&1 | grep -c 735');
    expect(log.events.at(-2)).toBe('0\n');
  });

  it('has nothing to stop when only its own shell is left', async () => {
    await executor.start();
    await run('true');
    expect(await executor.cleanUp()).toBe('nothing-left');
    expect(await executor.cleanUp()).toBe('nothing-left');
  });

  it.each(['at once', 'in its profile'])(
    'can be stopped while it starts, %s, and runs again afterwards',
    async (when) => {
      await writeFile(join(home, '.bash_profile'), 'if [ -f wait ]; then rm wait; sleep 300; fi\n');
      await writeFile(join(home, 'wait'), '');
      const begun = when === 'at once' ? Promise.resolve() : removed(join(home, 'wait'));
      const started = executor.start();
      await begun;
      await executor.stop();
      expect(await started).toEqual({ ok: false, reason: 'bash ended before it was ready' });
      await rm(join(home, 'wait'), { force: true });
      expect(await run('echo hook')).toBe(0);
    },
  );
});

/** Resolves when a file is gone. */
function removed(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(path, () => {
      if (existsSync(path)) return;
      watcher.close();
      resolve();
    });
  });
}
