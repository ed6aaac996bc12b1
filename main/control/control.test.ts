import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { type ControlConnection, connectToAgents } from './control-client.ts';
import { type ControlPlace, controlPlace } from './control-place.ts';
import { type ControlServer, openControl } from './control-server.ts';
import { RecentLines } from './recent-lines.ts';

const IDLE: AgentSnapshot = { version: 1, agentName: 'a', endpoint: 'e', status: { state: 'idle', lastSyncAt: 1 } };

let home: string;
let place: ControlPlace;
let server: ControlServer | undefined;
let connections: readonly ControlConnection[] = [];
let asked: unknown[];
let problems: string[];
let lines: RecentLines;

beforeEach(() => {
  // Short, as a socket's path must be; one test has a long one.
  home = mkdtempSync('/tmp/control-');
  place = controlPlace({ XDG_STATE_HOME: home });
  asked = [];
  problems = [];
  lines = new RecentLines();
});
afterEach(() => {
  for (const connection of connections) connection.close();
  server?.close();
  rmSync(home, { recursive: true });
});

function open(): ControlServer {
  server = openControl(
    place,
    {
      snapshot: () => IDLE,
      pause: (form) => asked.push(form),
      resume: () => asked.push('resume'),
      disconnect: (job) => asked.push(job),
      lines,
    },
    (problem) => problems.push(problem),
  );
  return server;
}

async function connect(): Promise<ControlConnection> {
  await expect.poll(() => place.all()).toHaveLength(1);
  connections = await connectToAgents(place);
  return connections[0] as ControlConnection;
}

describe('the control socket', () => {
  it('tells what the agent does, and passes wishes on', async () => {
    open();
    const { caller } = await connect();
    expect(await caller.request('status', null, 1_000)).toEqual(IDLE);
    await caller.request('pause', { kind: 'for', minutes: 30 }, 1_000);
    await caller.request('resume', null, 1_000);
    await caller.request('disconnect', { job: 'stop' }, 1_000);
    expect(asked).toEqual([{ kind: 'for', minutes: 30 }, 'resume', 'stop']);
  });

  it('tells of changes and of lines to come, in order', async () => {
    const opened = open();
    lines.add('before');
    const { caller } = await connect();
    const told: string[] = [];
    const versions: number[] = [];
    caller.on('logLine', (line) => told.push(line));
    caller.on('snapshot', ({ version }) => versions.push(version));
    expect(await caller.request('logs', { follow: true }, 1_000)).toEqual(['before']);
    lines.add('after');
    opened.changed({ ...IDLE, version: 2 });
    await expect.poll(() => [told, versions]).toEqual([['after'], [2]]);
  });

  it('is for its user alone', async () => {
    mkdirSync(join(home, 'signalbox', 'control'), { recursive: true });
    chmodSync(join(home, 'signalbox', 'control'), 0o777);
    open();
    await connect();
    const path = place.all()[0] ?? '';
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it('refuses what is not of its contract, and goes on', async () => {
    open();
    const { caller } = await connect();
    const raw = createConnection(place.all()[0] ?? '');
    for (const line of ['{', 'null', '{"kind":"request","id":1,"name":"shutDown","value":null}', '[]', '\u0000'])
      raw.write(`${line}\n`);
    raw.write('{"kind":"request","id":2,"name":"pause","value":{"kind":"for","minutes":1e9}}\n');
    await expect.poll(() => problems).toHaveLength(6);
    expect(asked).toEqual([]);
    const cut = new Promise((resolve) => raw.once('close', resolve));
    raw.on('error', () => undefined);
    raw.write('x'.repeat(1024 * 1024));
    await cut;
    expect(await caller.request('status', null, 1_000)).toEqual(IDLE);
  });

  it('removes what a killed agent left, and passes it over', async () => {
    const left = join(home, 'signalbox', 'control', '1.sock');
    mkdirSync(dirname(left), { recursive: true });
    const dead = createServer().listen(left);
    await new Promise((resolve) => dead.once('listening', resolve));
    // A file that refuses: bound once, and nobody listens any more.
    dead.close();
    writeFileSync(left, '');
    expect(await connectToAgents(place)).toEqual([]);
    expect(existsSync(left)).toBe(false);
  });

  it('runs without one where it cannot be had, and says so', () => {
    writeFileSync(join(home, 'signalbox'), '');
    open();
    expect(problems).toEqual([
      expect.stringMatching(/^signalbox status and the like cannot reach this agent: .*EEXIST|ENOTDIR/),
    ]);
  });

  it('has its place where names are short when the home directory is not', async () => {
    place = controlPlace({ XDG_STATE_HOME: join(home, 'long'.repeat(30)) });
    open();
    const { caller } = await connect();
    expect(await caller.request('status', null, 1_000)).toEqual(IDLE);
    const folder = dirname(place.all()[0] ?? '');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    rmSync(folder, { recursive: true });
  });

  it('is gone when the agent is', async () => {
    const opened = open();
    const { ended } = await connect();
    opened.close();
    await ended;
    expect(place.all()).toEqual([]);
  });
});
