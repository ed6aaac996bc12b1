import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let temp: string;

beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
});
afterEach(() => rmSync(temp, { recursive: true }));

/** Runs one suite, a shell command, the way the suites of `npm test` are run. */
function runSuite(command: string, count: 'single' | 'closingLine' | 'vitestSummary', options = {}) {
  const program = `
    import { runSuites } from './scripts/suites/run-suites.mjs';
    import * as counts from './scripts/suites/counts.mjs';
    const suite = { name: 'a suite', command: ['bash', '-c', ${JSON.stringify(command)}], count: counts.${count} };
    process.exitCode = await runSuites([suite], ${JSON.stringify(options)});`;
  return new Promise<{ readonly code: number; readonly shown: string; readonly last: string }>((resolve) => {
    const env = { ...process.env, TMPDIR: temp };
    execFile(process.execPath, ['--input-type=module', '-e', program], { env }, (error, stdout) => {
      resolve({ code: error ? Number(error.code) : 0, shown: stdout, last: stdout.trimEnd().split('\n').at(-1) ?? '' });
    });
  });
}

function commandLines(): readonly string[] {
  return readdirSync('/proc').map((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8');
    } catch {
      return ''; // No process, or one that has just ended.
    }
  });
}

describe('a run of suites', () => {
  it.each([
    ['true', 'single', 0, '1 passed, 0 failed, 0 skipped'],
    ['exit 3', 'single', 1, '0 passed, 1 failed, 0 skipped'],
    ['echo 5 passed, 0 failed, 2 skipped', 'closingLine', 0, '5 passed, 0 failed, 2 skipped'],
    ['echo 5 passed, 1 failed, 0 skipped; exit 1', 'closingLine', 1, '5 passed, 1 failed, 0 skipped'],
    ['echo 5 passed, 0 failed, 0 skipped; exit 1', 'closingLine', 1, '5 passed, 1 failed, 0 skipped'],
    ['echo died early', 'closingLine', 1, '0 passed, 1 failed, 0 skipped'],
    ['echo 0 passed, 0 failed, 0 skipped', 'closingLine', 1, '0 passed, 0 failed, 0 skipped'],
    ['echo "  Tests  1 failed | 2 passed | 3 skipped (6)"', 'vitestSummary', 1, '2 passed, 1 failed, 3 skipped'],
    ['printf "\\033[2m   Tests \\033[22m 4 passed (4)\\n"', 'vitestSummary', 0, '4 passed, 0 failed, 0 skipped'],
    ['echo no summary', 'vitestSummary', 1, '0 passed, 1 failed, 0 skipped'],
  ] as const)('counts %j as %s', async (command, count, code, last) => {
    expect(await runSuite(command, count)).toMatchObject({ code, last });
  });

  it('fails where nothing may be skipped and something was', async () => {
    const suite = ['echo 5 passed, 0 failed, 2 skipped', 'closingLine'] as const;
    expect(await runSuite(...suite, { strict: true })).toMatchObject({
      code: 1,
      last: '5 passed, 0 failed, 2 skipped',
    });
  });

  it.each([
    [
      'names what failed, and where',
      'echo " FAIL  unit a.test.ts > it"; echo " ❯ a.test.ts:3:4"; seq 9999; exit 1',
      [' FAIL  unit a.test.ts > it', ' ❯ a.test.ts:3:4'],
    ],
    ['tells its last lines where nothing is named', 'seq 9999; exit 1', ['9995', '9996', '9997', '9998', '9999']],
  ])('%s once more at the end', async (_what, command, lines) => {
    const { shown } = await runSuite(command, 'single');
    expect(shown).toContain(`9999\n\n━━ what failed in a suite\n${lines.join('\n')}\n\n✗ a suite`);
  });

  it('names at its end what passed by a second try', async () => {
    const file = join(temp, 'lucky.test.mjs');
    const vitest = resolve('node_modules/vitest/vitest.mjs');
    const reporter = resolve('scripts/suites/flaky-reporter.mjs');
    const text = `let n = 0; it('has luck', () => { n += 1; if (n < 2) throw new Error('too early'); });`;
    writeFileSync(file, text);
    const options = `--root ${temp} --globals --retry 1 --reporter default --reporter ${reporter}`;
    const { code, shown, last } = await runSuite(
      `${process.execPath} ${vitest} run ${options}; rm ${file}`,
      'vitestSummary',
    );
    expect(shown).toMatch(
      /\n━━ what passed by a second try in a suite\n FLAKY .* lucky.test.mjs > has luck: too early\n/,
    );
    expect({ code, last }).toEqual({ code: 0, last: '1 passed, 0 failed, 0 skipped' });
  });

  it('names the process that a suite left behind, and ends it', async () => {
    const { code, shown, last } = await runSuite('setsid sleep 301 >/dev/null 2>&1 &', 'single');
    expect(shown).toContain('Left behind: process sleep 301\n');
    expect(last).toBe('1 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
    expect(commandLines()).not.toContain(['sleep', '301', ''].join('\0'));
  });

  it.runIf(process.getuid?.() === 0)('names what a suite left mounted, and undoes it', async () => {
    const { shown, last } = await runSuite('mkdir "$TMPDIR/disk" && mount -t tmpfs tmpfs "$TMPDIR/disk"', 'single');
    expect(shown).toMatch(/Left behind: mount .*\/disk\n/);
    expect(last).toBe('1 passed, 1 failed, 0 skipped');
    expect(readdirSync(temp)).toEqual([]);
  });

  it('names the file that a suite left behind, and removes it', async () => {
    const { shown, last } = await runSuite('touch "$TMPDIR/forgotten"', 'single');
    expect(shown).toContain('Left behind: file forgotten\n');
    expect(last).toBe('1 passed, 1 failed, 0 skipped');
    expect(readdirSync(temp)).toEqual([]);
  });
});
