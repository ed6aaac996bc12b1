import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import type { BashSession, CommandEnd } from './bash-session.ts';
import { type BashStage, openBashStage } from './bash-stage.suite.ts';

let stage: BashStage;
let session: BashSession;

beforeEach(async () => {
  stage = await openBashStage(systemClock);
  session = stage.session;
  expect(await session.start()).toBe('ready');
});

afterEach(async () => {
  const [shell] = session.shellPids;
  if (shell && session.alive) process.kill(shell, 'SIGKILL');
  await stage.close();
});

async function run(directive: string): Promise<{ readonly output: string; readonly end: CommandEnd }> {
  const chunks: Uint8Array[] = [];
  const end = await session.run(directive, (bytes) => chunks.push(Buffer.from(bytes)));
  return { output: Buffer.concat(chunks).toString().replaceAll('\r\n', '\n'), end };
}
const exited = (exitCode: number): CommandEnd => ({ kind: 'exited', exitCode });

describe('BashSession', () => {
  it('runs commands in one session', async () => {
    expect(await run('cd /usr; greet() { echo "hello $1"; }')).toEqual({ output: '', end: exited(0) });
    expect(await run('pwd; greet you')).toEqual({ output: '/usr\nhello you\n', end: exited(0) });
    expect(await run('false')).toEqual({ output: '', end: exited(1) });
    expect(await run('return 7')).toEqual({ output: '', end: exited(7) });
    expect((await run('echo "a; if then')).end).toEqual(exited(2));
  });

  it('runs a directive as a file of its own: its lines count from 1, its end is its end', async () => {
    expect((await run('echo a\\\n  b $LINENO\nf() { echo $LINENO; }; f')).output).toBe('a b 2\n3\n');
    expect((await run('echo one\nfi')).output).toContain('line 2: syntax error');
    expect((await run('cat <<EOF\nx')).output).toBe(
      "bash: warning: here-document at line 1 delimited by end-of-file (wanted `EOF')\nx\n",
    );
    expect((await run('echo one \\')).output).toBe('one \\\n');
    expect((await run('# a comment')).end).toEqual(exited(0));
  });

  it('passes no command whose begin was not seen', async () => {
    await run('.() { :; }');
    expect((await run('echo never')).end).toEqual({ kind: 'unresponsive' });
  });

  it('is an interactive login shell on a terminal', async () => {
    const { output } = await run(
      'echo "$0 $-"; shopt -q login_shell && echo login; test -t 1 && stty size; echo $SHLVL',
    );
    expect(output).toMatch(/^bash \w*i\w*\nlogin\n50 200\n1\n$/);
  });

  const disturbances: readonly [name: string, directive: string][] = [
    ['stty echo', 'stty echo'],
    ['a prompt of its own', "PS1='$ '; export PS1; PROMPT_COMMAND='command echo prompting'"],
    ['a read-only prompt', 'readonly PS1'],
    ['output sent to a file', 'exec >/dev/null 2>&1; exec >/dev/tty 2>&1'],
    ['redefined builtins', 'for n in echo printf builtin source eval command; do eval "$n() { :; }"; done 2>/dev/null'],
    ['stty -opost', 'stty -opost'],
    ['set -v', 'set -v'],
    ['set -u', 'set -u'],
    ['posix mode', 'set -o posix'],
    ['a DEBUG trap that speaks', "trap '/bin/echo trapped >/dev/null' DEBUG"],
    ['a variable of ours', 'TIMEFORMAT=mine'],
    ['an alias of what we type', "alias .='echo dot' time='echo time'"],
    ['a read-only line number', 'readonly LINENO'],
  ];

  it.each(disturbances)('goes on after %s', async (_name, directive) => {
    expect((await run(directive)).end).toEqual(exited(0));
    const { output, end } = await run('/bin/echo one; (exit 4)');
    expect({ output: output.split('\n').filter((line) => line === 'one'), end }).toEqual({
      output: ['one'],
      end: exited(4),
    });
    expect((await run('true')).end).toEqual(exited(0));
  });

  it('shows the trace of set -x without our own lines', async () => {
    await run('set -x');
    expect((await run('echo traced')).output).toBe('++ echo traced\ntraced\n');
  });

  it('shows what a DEBUG trap and an ERR trap say of the command itself only', async () => {
    await run("trap 'echo failed' ERR");
    expect((await run('bash -c "exit 3" || true; echo fine')).output).toBe('fine\n');
    await run('trap - ERR');
    expect((await run('echo clean')).output).toBe('clean\n');
  });

  it('ends a command whose program dies of SIGINT', async () => {
    const { output, end } = await run('echo before; bash -c "kill -INT \\$\\$"; echo never');
    expect(end).toEqual({ kind: 'interrupted', exitCode: 130 });
    expect(output.trim()).toBe('before');
    expect(await run('echo after')).toEqual({ output: 'after\n', end: exited(0) });
  });

  it.each([
    ['exit 3', 3],
    ['set -e; false', 1],
    ['kill -9 $$', 137],
    ['kill -9 $PPID $$', 137],
    ['exec true', 0],
  ])('tells that the shell is gone after %s, with its last output', async (directive, status) => {
    const { output, end } = await run(`seq 1 20000; ${directive}`);
    expect(end).toEqual({ kind: 'shell-gone', status });
    expect(output.endsWith('19999\n20000\n')).toBe(true);
    expect(session.alive).toBe(false);
    expect((await run('echo never')).end).toEqual({ kind: 'shell-gone', status });
  });

  it('tells a lost terminal', async () => {
    let started: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      started = resolve;
    });
    const running = session.run('echo started; sleep 30', () => started());
    await begun;
    process.kill(stage.terminal.pid, 'SIGKILL');
    // Bash may still get the word out that it gives the command up.
    expect(['lost', 'interrupted']).toContain((await running).kind);
    await session.ended;
    expect((await run('echo never')).end).toEqual({ kind: 'lost' });
  });

  it('passes a mark that a job imitates', async () => {
    const { output, end } = await run("printf '\\e]735;%s;E;0\\a' 0123456789ABCDEF0123456789ABCDEF; false");
    expect(output).toBe('\x1b]735;0123456789ABCDEF0123456789ABCDEF;E;0\x07');
    expect(end).toEqual(exited(1));
  });

  it('takes its time format back', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is for bash to expand
    expect((await run('echo "[${TIMEFORMAT-unset}]"')).output).toBe('[unset]\n');
  });

  it('runs a directive far longer than a terminal line', async () => {
    const { output } = await run(`echo ${'x'.repeat(100_000)} | wc -c`);
    expect(output.trim()).toBe('100001');
  });

  it('works again when its folder was removed', async () => {
    await run(`rm -rf ${stage.folder.path}; cd /`);
    expect(await run('echo here')).toEqual({ output: 'here\n', end: exited(0) });
  });
});
