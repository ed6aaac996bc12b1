import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELLS } from './commands.ts';
import { completionScript } from './completions.ts';
import { manPage } from './man-page.ts';

/*
 * What is made for other programs, read by them: by those that this machine has. Bash is everywhere that jobs run.
 */

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'completions-'));
  for (const shell of SHELLS) writeFileSync(join(folder, shell), completionScript(shell));
  writeFileSync(join(folder, 'job.yml'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program in the folder, with nothing of the user's own. Returns what it prints. */
function run(program: string, ...args: readonly string[]): { readonly out: string; readonly problems: string } {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, LC_ALL: 'C.UTF-8' };
  const { stdout, stderr, status } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8', input: '' });
  return { out: stdout, problems: status === 0 ? stderr : `${stderr}\nexit code ${status}` };
}

/** What each shell offers behind a line that was typed so far. */
const OFFERED = {
  bash: (typed: string) => {
    const words = typed.split(' ').map((word) => `'${word}'`);
    const asked = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _signalbox; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run('bash', '-c', `source ./bash; ${asked}`).out;
  },
  fish: (typed: string) => run('fish', '-c', `source ./fish; complete -C '${typed}'`).out.replaceAll(/\t.*/g, ''),
};

it.each(SHELLS.filter(has))('completions for %s are a script without a mistake', (shell) => {
  expect(run(shell, '-n', join(folder, shell))).toEqual({ out: '', problems: '' });
});

describe.each((['bash', 'fish'] as const).filter(has))('completions for %s', (shell) => {
  it.each([
    ['signalbox ru', 'run\n'],
    ['signalbox run --fo', '--fold\n'],
    ['signalbox run --fold pa', 'passed\n'],
    ['signalbox start --upload-job-logs wh', 'when-trimmed\n'],
    ['signalbox run jo', 'job.yml\n'],
    ['signalbox start --config-file jo', 'job.yml\n'],
    ['signalbox completion z', 'zsh\n'],
    ['signalbox help sta', 'start\nstatus\n'],
  ])('offer behind %j what there is', (typed, offered) => {
    expect(OFFERED[shell](typed)).toBe(offered);
  });
});

it.runIf(has('zsh'))('completions for zsh are what its own system of completions takes', () => {
  const script = 'autoload -Uz compinit; compinit -u -D; source ./zsh; print -r -- $_comps[signalbox]';
  expect(run('zsh', '-f', '-c', script)).toEqual({ out: '_signalbox\n', problems: '' });
});

it.runIf(has('groff'))('the manual page is set without a warning, and no name in it is parted', () => {
  writeFileSync(join(folder, 'signalbox.1'), manPage());
  const { out, problems } = run('groff', '-ww', '-man', '-Tutf8', join(folder, 'signalbox.1'));
  expect(problems).toBe('');
  expect(out).toContain('SEMAPHORE_AGENT_CALLBACK_RETRY_ATTEMPTS');
});
