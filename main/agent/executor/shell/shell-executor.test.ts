import { existsSync, readFileSync, statSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { systemClock } from '../../platform/clock.ts';
import { linuxProcesses } from '../../platform/linux-processes.ts';
import type { Processes } from '../../platform/processes.ts';
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
const run = (directive: string) => executor.runCommand({ directive });

/** True while a process with this id runs. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** What every executor does is tried by the suite in `../conformance`. */
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
    await executor.cleanUp();
    const [seen, processes] = whatIsSeen();
    executor = executorWith(() => Promise.resolve(NO_SCOPE), {}, { processes });
    expect(await executor.prepare()).toEqual({ ok: true });
    const pid = await getsAway(
      (program) =>
        `{ setsid env -i bash -c "${program.replaceAll('$', '\\$')} & until [ -e leave ]; do sleep 0.1; done"; :; } &`,
    );
    const left = run('until [ -e leave ]; do sleep 0.1; done; wait');
    await expect.poll(() => seen.has(pid)).toBe(true);
    await writeFile(join(home, 'leave'), '');
    await left;
    expect(runs(pid)).toBe(true);
    expect(await executor.cleanUp()).toBe('terminated');
    expect(runs(pid)).toBe(false);
  });

  /** The processes of this machine, and the ids that were seen when somebody looked who descends from whom. */
  function whatIsSeen(): readonly [Set<number>, Processes] {
    const seen = new Set<number>();
    const descendants = (roots: readonly number[]) => {
      const found = linuxProcesses.descendants(roots);
      for (const { pid } of found) seen.add(pid);
      return found;
    };
    return [seen, { ...linuxProcesses, descendants }];
  }

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
    const env = { ...functions, BASH_ENV: '/dev/stdin', SHELLOPTS: 'xtrace' };
    executor = executorWith(() => Promise.resolve(NO_SCOPE), env);
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
