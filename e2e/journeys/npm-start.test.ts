import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'npm-start-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('npm start', () => {
  it('shows a job at work and ends by itself', async () => {
    const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home };
    const stdout = execFileSync(process.execPath, ['scripts/start.mjs', '--practice'], { env, encoding: 'utf8' });
    expect(stdout).toMatch(/The practice hub is ready on 127\.0\.0\.1:\d+/);
    expect(stdout).toContain('│ step 3 of 3\n');
    expect(stdout).toMatch(/The job passed, \d+\.\d s after the agent was started/);
    expect(readdirSync(home)).toEqual([]);
  });

  it('ends at Ctrl-C in the middle of the job, and leaves nothing', async () => {
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

  it('says where it can keep nothing', () => {
    const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: '/dev/null/tmp' };
    const { status, stderr } = spawnSync(process.execPath, ['scripts/start.mjs', '--practice'], {
      env,
      encoding: 'utf8',
    });
    expect(stderr).toBe('Nothing can be kept in /dev/null/tmp (ENOTDIR); set TMPDIR to a folder that you can write\n');
    expect(status).toBe(1);
  });

  it.each(['start', 'app', 'test', 'check'])('says that npm ci comes first, before npm run %s', (script) => {
    for (const path of ['scripts', 'docs/examples', 'package.json'])
      cpSync(path, join(home, path), { recursive: true });
    const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home };
    const { status, stderr } = spawnSync(process.execPath, [resolve(home, 'scripts', `${script}.mjs`), '--practice'], {
      cwd: home,
      env,
      encoding: 'utf8',
    });
    expect(stderr).toBe('The packages that this needs are not installed yet; run npm ci first\n');
    expect(status).toBe(1);
  });
});
