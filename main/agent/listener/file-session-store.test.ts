import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxProcesses } from '../platform/linux-processes.ts';
import type { Processes } from '../platform/processes.ts';
import { openFileSessionStore } from './file-session-store.ts';

const SESSION = { name: 'lap-42', accessToken: 'access', jobId: 'j1' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(over: Partial<Parameters<typeof openFileSessionStore>[0]> = {}) {
  return openFileSessionStore({
    folder: join(folder, 'sessions'),
    endpoint: 'acme.example.com',
    agentName: '',
    registrationToken: 'registration-secret',
    processes: linuxProcesses,
    onProblem: (message) => {
      throw new Error(message);
    },
    ...over,
  });
}

describe('the session store in a file', () => {
  it('gives a later agent what a former one left', () => {
    open().save(SESSION);
    expect(open().load()).toEqual(SESSION);
    expect(open({ agentName: 'another-one' }).load()).toBeUndefined();
    expect(open({ registrationToken: 'another' }).load()).toBeUndefined();
    expect(open({ endpoint: 'other.example.com' }).load()).toBeUndefined();
  });

  it('forgets', () => {
    const store = open();
    store.save(SESSION);
    store.forget();
    expect(open().load()).toBeUndefined();
    store.forget();
  });

  it('keeps it to its owner, without the registration token', () => {
    open().save(SESSION);
    expect(statSync(join(folder, 'sessions')).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(folder, 'sessions'))) {
      const file = join(folder, 'sessions', name);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(name + readFileSync(file, 'utf8')).not.toContain('registration-secret');
    }
  });

  it('leaves the session of a living agent alone', () => {
    const others: Processes = {
      ...linuxProcesses,
      identify: () => ({ pid: 1, startedAt: 'then' }),
      isAlive: () => true,
    };
    const first = open({ processes: others });
    first.save(SESSION);
    const second = open({ processes: others });
    expect(second.load()).toBeUndefined();
    second.save({ ...SESSION, name: 'second' });
    expect(first.load()).toEqual(SESSION);
    first.close();
    expect(open({ processes: others }).load()).toEqual(SESSION);
  });

  it('takes a broken file for none', () => {
    const store = open();
    store.save(SESSION);
    const file = readdirSync(join(folder, 'sessions')).find((name) => name.endsWith('.json')) ?? '';
    writeFileSync(join(folder, 'sessions', file), '{"name":');
    expect(store.load()).toBeUndefined();
  });

  it('says once that it cannot save, and goes on', () => {
    writeFileSync(join(folder, 'file'), '');
    const problems: string[] = [];
    const store = open({ folder: join(folder, 'file', 'sessions'), onProblem: (message) => problems.push(message) });
    store.save(SESSION);
    store.forget();
    expect(store.load()).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining('ENOTDIR')]);
  });
});
