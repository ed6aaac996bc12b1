import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentLogOptions, openAgentLog } from './agent-log.ts';
import { linuxProcesses } from './linux-processes.ts';
import type { Processes } from './processes.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  path = join(folder, 'agent_log');
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const open = (over: Partial<AgentLogOptions> = {}) =>
  openAgentLog({ level: 'info', path, processes: linuxProcesses, toConsole: false, ...over });
/** Locks of living strangers. */
const others: Processes = { ...linuxProcesses, identify: () => ({ pid: 1, startedAt: 'then' }), isAlive: () => true };

describe('the agent log', () => {
  it('writes time, name and message, for its owner only', () => {
    const log = open();
    log.info('before it has a name');
    log.setName('lap-42-office');
    log.warn('after');
    const [first, second] = readFileSync(path, 'utf8').trim().split('\n');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z : before it has a name$/);
    expect(second).toMatch(/Z lap-42-office : after$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    log.close();
    expect(readdirSync(folder)).toEqual(['agent_log']);
  });

  it('keeps a message on its line, and the terminal unmoved', () => {
    const log = open();
    log.error('a\nforged line\r\x1b[2Jend');
    expect(readFileSync(path, 'utf8').trim().split('\n')).toEqual([
      expect.stringContaining('a\\nforged line\\r\\u001b[2Jend'),
    ]);
    log.close();
  });

  it('leaves out what is below its level', () => {
    const log = open({ level: 'error' });
    log.info('quiet');
    log.error('loud');
    expect(readFileSync(path, 'utf8')).toMatch(/^[^\n]*loud\n$/);
    log.close();
  });

  it('follows no symbolic link', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, path);
    const log = open();
    log.info('x');
    expect(log.path).toBe(`${path}.2`);
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    log.close();
  });

  it('takes another name while a living agent has this one', () => {
    const first = open({ processes: others });
    const second = open({ processes: others });
    expect([first.path, second.path]).toEqual([path, `${path}.2`]);
    first.close();
    expect(open({ processes: others }).path).toBe(path);
  });

  it('keeps three files of 10 MB', () => {
    const log = open();
    const line = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 45; n += 1) log.info(line);
    const sizes = readdirSync(folder)
      .filter((name) => !name.endsWith('.lock'))
      .map((name) => statSync(join(folder, name)).size);
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThan(12 * 1024 * 1024);
    log.close();
  });

  it('makes the folder that it is told, for its owner only', () => {
    const wanted = join(folder, 'not', 'there', 'agent_log');
    const log = open({ path: wanted });
    log.info('begins');
    expect(readFileSync(wanted, 'utf8')).toContain('begins');
    expect(statSync(join(folder, 'not')).mode & 0o777).toBe(0o700);
    log.close();
  });

  it('does without a file where none can be had', () => {
    writeFileSync(join(folder, 'file'), '');
    const log = open({ path: join(folder, 'file', 'agent_log') });
    expect(log.path).toBeUndefined();
    log.info('goes on');
    log.close();
  });
});
