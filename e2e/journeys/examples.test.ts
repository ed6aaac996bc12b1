import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { startAgent } from '../agent.ts';

const EXAMPLES = 'docs/examples';
const HOOKS = readdirSync(join(EXAMPLES, 'hooks'));

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'examples-'));
});
afterEach(() => rmSync(work, { recursive: true }));

function signalbox(...args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? '', HOME: work, TMPDIR: work };
  return spawnSync(process.execPath, [join('dist', 'cli.cjs'), ...args], { env, encoding: 'utf8' });
}

describe('docs/examples', () => {
  it.each(['hello.yml', 'shell.yml'])('has a shell job that passes: %s', (name) => {
    const { status, stdout, stderr } = signalbox('run', join(EXAMPLES, name));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\nJob passed after /);
  });

  it.each(HOOKS)('has a hook that a job runs: %s', async (name) => {
    const hub = await PracticeHub.start();
    try {
      const id = hub.addJob({ commands: [{ directive: 'echo "cache at $PIP_CACHE_DIR"' }] });
      const hook = resolve(EXAMPLES, 'hooks', name);
      const flags = ['--pre-job-hook-path', hook, '--fail-on-pre-job-hook-error'];
      const agent = startAgent(hub, work, { flags: name === 'shell.sh' ? [...flags, '--source-pre-job-hook'] : flags });
      await hub.waitFor(() => hub.resultOf(id) !== undefined);
      expect(hub.resultOf(id)).toBe('passed');
      if (name === 'shell.sh') expect(hub.log(id).text).toContain(`cache at ${work}/home/.cache/ci-pip`);
      hub.requestShutdown('requested');
      expect(await agent.ended).toBe(0);
    } finally {
      await hub.close();
    }
  });
});
