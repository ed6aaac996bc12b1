import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeJobLog } from '../../log/fake-job-log.ts';
import { type Create, SuiteStage } from './stage.suite.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const variable = (name: string, value: string | Uint8Array) => ({ name, value: Buffer.from(value) });

/** What the contract of executors promises, tried on one of them. */
export function describeExecutor(name: string, create: Create): void {
  describe(name, () => {
    const stage = new SuiteStage(create);
    beforeEach(() => stage.open());
    afterEach(() => stage.close());
    itKeepsASession(stage);
    itTakesVariables(stage);
    itInjectsFiles(stage);
    itEnds(stage);
  });
  describe(`${name}, not started`, () => itNeedsNoStart(create));
}

function itKeepsASession(stage: SuiteStage): void {
  it('runs commands in one session, on a terminal, from the home directory', async () => {
    expect(await stage.run('pwd; test -t 0 && test -t 1 && stty size; cd /; export A=1; f() { echo "in f"; }')).toBe(0);
    expect(stage.output()).toBe(`${stage.home}\n${stage.size}\n`);
    expect(await stage.run('pwd; echo $A; f; (exit 7)')).toBe(7);
    expect(stage.output()).toBe('/\n1\nin f\n');
    expect(await stage.run('no-such-command-at-all 2>/dev/null')).toBe(127);
  });

  it('shows alias and warning of a command', async () => {
    const command = { directive: 'f() { return 4; }; f', alias: 'Fails', warning: 'Careful.' };
    expect(await stage.executor.runCommand(command)).toBe(4);
    expect(stage.log.events).toEqual(['> Fails', 'Running: f() { return 4; }; f\nWarning: Careful.\n', '< 4']);
  });

  it('goes on in a new session with the same variables when the shell died, and loses no last words', async () => {
    await stage.executor.exportVariables([variable('FROM_JOB', 'kept')]);
    expect(await stage.run('cd /; export OWN=1; stty -opost -icanon; seq 1 5000; exit 3')).toBe(1);
    expect(stage.output()?.replaceAll('\r', '')).toBe(
      Array.from({ length: 5000 }, (_, index) => `${index + 1}\n`).join(''),
    );
    expect(await stage.run('echo "$FROM_JOB [$OWN]"; pwd')).toBe(0);
    expect(stage.output()).toBe(`kept []\n${stage.home}\n`);
  });

  it.each([
    ['stops itself', 'echo before; kill -STOP $$; echo woken', 0, 'before\nwoken\n'],
    ['is replaced by another one', 'echo before; exec bash --norc', 1, 'before\n'],
    ['is replaced by one without line editing', 'echo before; exec sh', 1, 'before\n'],
  ])('goes on when the shell %s', async (_what, directive, exitCode, output) => {
    expect(await stage.run(directive)).toBe(exitCode);
    expect(stage.output()?.startsWith(output)).toBe(true);
    expect(await stage.run('echo after')).toBe(0);
    expect(stage.output()).toBe('after\n');
  });

  it('leaves a program in peace that replaced the shell and does not wait for input', async () => {
    expect(await stage.run('exec bash -c "sleep 2; echo done"')).toBe(1);
    expect(stage.output()).toBe('done\n');
    expect(await stage.run(`exec bash -c 'read -rt 2 _ < <(sleep 300) || kill $!; echo done'`)).toBe(1);
    expect(stage.output()).toBe('done\n');
  });

  it('reads a variable without a trace of it in the log', async () => {
    await stage.run('export RESULT=" two\nlines "; set -xu; echo() { :; }; printf() { :; }; builtin() { :; }');
    const before = stage.log.events.length;
    expect(await stage.executor.readVariable('UNSET')).toBe('');
    expect(await stage.executor.readVariable('RESULT')).toBe(' two\nlines ');
    expect(stage.log.events.length).toBe(before);
  });

  it('hands out 10 MB of output whole', async () => {
    expect(await stage.run('seq -f "%099.0f" 1 100000')).toBe(0);
    const lines = stage.output()?.split('\n') ?? [];
    expect(lines.length).toBe(100_001);
    expect([lines[0], lines[99_999]].map(Number)).toEqual([1, 100_000]);
  });
}

function itTakesVariables(stage: SuiteStage): void {
  it('exports variables, byte for byte', async () => {
    const nasty = 'it\'s $HOME `id` "q"\n\\ # : ü';
    expect(await stage.executor.exportVariables([variable('NOT-GOOD', 'x'), variable('Q', nasty)])).toBe(0);
    expect(await stage.executor.exportVariables([variable('RAW', Buffer.from([0xff, 0x27, 0xe2]))])).toBe(0);
    expect(stage.log.events).toEqual([
      '> Exporting environment variables',
      'Exporting NOT-GOOD\nExporting Q\n',
      '< 0',
      '> Exporting environment variables',
      'Exporting RAW\n',
      '< 0',
    ]);
    expect(await stage.run('printf %s "$Q"; printf %s "$RAW" | base64')).toBe(0);
    expect(stage.output()).toBe(`${nasty}${Buffer.from([0xff, 0x27, 0xe2]).toString('base64')}\n`);
  });

  it('takes 200 variables', async () => {
    const many = Array.from({ length: 200 }, (_, index) => variable(`MANY_${index}`, `value ${index}`));
    expect(await stage.executor.exportVariables(many)).toBe(0);
    expect(await stage.run('echo "$MANY_0, $MANY_199"')).toBe(0);
    expect(stage.output()).toBe('value 0, value 199\n');
  });

  it('takes one of 1 MB, with which the system could run no program, and goes on', async () => {
    const file = { path: 'deep/x', content: base64('injected\n'), mode: '0600' };
    expect(await stage.executor.exportVariables([variable('BIG', 'x'.repeat(1_000_000)), variable('A', 'a')])).toBe(0);
    expect(stage.output()).toBe(
      'Exporting BIG\nExporting A\nBIG is too large for programs: only bash itself sees it\n',
    );
    expect(await stage.executor.injectFiles([file])).toBe(0);
    const look = `echo \${#BIG}; cat deep/x; bash -c 'echo "$A\${BIG-}"'`;
    expect(await stage.run(look)).toBe(0);
    expect(stage.output()).toBe('1000000\ninjected\na\n');
    await stage.run('exit');
    expect(await stage.run(look)).toBe(0);
    expect(stage.output()).toBe('1000000\ninjected\na\n');
  });
}

function itInjectsFiles(stage: SuiteStage): void {
  it('injects files that can be run at once', async () => {
    const files = [
      { path: 'deep/er/run.sh', content: base64('#!/bin/sh\necho run'), mode: '0755' },
      { path: '~/a blank.txt', content: base64('tilde'), mode: '0440' },
      { path: `${stage.home}/absolute.txt`, content: '', mode: '600' },
    ];
    expect(await stage.executor.injectFiles(files)).toBe(0);
    expect(stage.log.events.at(0)).toBe('> Injecting Files');
    expect(stage.output()?.match(/ with file mode 0755\n| with file mode 0440\n| with file mode 600\n/g)).toHaveLength(
      3,
    );
    expect(await stage.run('./deep/er/run.sh; cat "a blank.txt"; stat -c %a "a blank.txt" absolute.txt')).toBe(0);
    expect(stage.output()).toBe('run\ntilde440\n600\n');
  });

  it.each([
    [{ path: 'a', content: '***', mode: '0644' }, /\nFailed to decode the content of the file\.\n$/],
    [{ path: 'a', content: '', mode: 'obviously broken' }, /\n[^\n]*obviously broken[^\n]*\n$/],
    [{ path: '/etc/passwd/b', content: '', mode: '0644' }, /\nFailed to create [^\n]*\n$/],
  ])('tells why %j cannot be injected', async (file, problem) => {
    expect(await stage.executor.injectFiles([file])).toBe(1);
    expect(stage.log.events).toEqual(['> Injecting Files', expect.stringMatching(problem), '< 1']);
  });
}

function itEnds(stage: SuiteStage): void {
  it('stops a running command with everything that the job started, and runs again afterwards', async () => {
    const wait = (file: string) => `bash -c 'echo $$ >~/${file}; exec sleep 300'`;
    await stage.run(
      `${wait('background')} & setsid ${wait('session')} & (setsid nohup ${wait('twice')} >/dev/null 2>&1 &)`,
    );
    const stopped = stage.run(
      "cd; trap 'echo bye' EXIT; until [ -s background -a -s session -a -s twice ]; do :; done; echo started; sleep 303",
    );
    await stage.log.shows('started');
    expect(await stage.executor.stop()).toBe('terminated');
    expect(await stopped).toBe(1);
    expect(stage.output()).toMatch(/^started\nbye\n/);
    expect(
      await stage.run(
        'for name in background session twice; do ps -o stat= -p $(cat ~/$name) | grep -v Z; done; echo hook',
      ),
    ).toBe(0);
    expect(stage.output()).toBe('hook\n');
  });

  it('leaves what is started to clean up alone, for as long as there is patience', async () => {
    const cleanUp = (name: string) => `(bash -c "sleep 1; echo cleaned >~/${name}")`;
    // A bash that is asked by SIGHUP may pass that on to its jobs.
    const asked = `trap "" HUP; trap "${cleanUp('program').replaceAll('"', '\\"')}; exit" TERM`;
    const program = stage.run(`trap '${cleanUp('own')}' EXIT; bash -c '${asked}; echo begun; sleep 300 & wait'`);
    await stage.log.shows('begun');
    expect(await stage.executor.stop()).toBe('terminated');
    expect(await program).toBe(1);
    expect(await stage.run('cd; cat program own')).toBe(0);
    expect(stage.output()).toBe('cleaned\ncleaned\n');
  });

  it('grants no grace any more, in the midst of a stop, when there is a hurry', async () => {
    // With the grace it would go by itself, some time after it was asked to.
    const goLate = `exec 3<> <(:); trap "read -rt 6 -u 3; echo was granted; exit" TERM; trap "" HUP`;
    const stubborn = stage.run(`bash -c '${goLate}; echo begun; while :; do read -rt 1 -u 3; done'`);
    await stage.log.shows('begun');
    const stopped = stage.executor.stop();
    stage.hasten();
    expect(await stopped).toBe('killed');
    expect(await stubborn).toBe(1);
    expect(stage.output()).not.toContain('granted');
  });

  it('kills a shell that takes no notice of anything, and nothing of our own speaks of it', async () => {
    const deaf = stage.run('exec 3<> <(:); trap "" TERM INT HUP; echo begun; while :; do read -rt 1 -u 3; done');
    await stage.log.shows('begun');
    const stopped = stage.executor.stop();
    stage.hasten();
    expect(await stopped).toBe('killed');
    expect(await deaf).toBe(1);
    expect(stage.output()).toBe('begun\n');
  });

  it('stops at once when only its own shell is left', async () => {
    await stage.run('true');
    expect(await stage.executor.stop()).toBe('nothing-left');
  });

  it('cleans up as often as one likes', async () => {
    await stage.run('true');
    expect(await stage.executor.cleanUp()).toBe('nothing-left');
    expect(await stage.executor.cleanUp()).toBe('nothing-left');
  });

  it('goes on when the shell is killed together with what holds it', async () => {
    expect(await stage.run('echo before; kill -9 $PPID $$; sleep 300')).toBe(1);
    expect(stage.output()?.startsWith('before\n')).toBe(true);
    expect(await stage.run('echo after')).toBe(0);
    expect(stage.output()).toBe('after\n');
  });
}

function itNeedsNoStart(create: Create): void {
  const open = () => create({ log: new FakeJobLog(), hurry: new AbortController().signal });

  it('can be cleaned up', async () => {
    const other = await open();
    expect(await other.executor.cleanUp()).toBe('nothing-left');
    await other.close();
  });

  it('can be stopped while it starts', async () => {
    const other = await open();
    await other.executor.prepare();
    const started = other.executor.start();
    await other.executor.stop();
    expect((await started).ok).toBe(false);
    await other.executor.cleanUp();
    await other.close();
  });
}
