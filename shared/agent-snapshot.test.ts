import { describe, expect, it } from 'vitest';
import { type AgentStatus, duration, headline, snapshotSchema } from './agent-snapshot.ts';

const NOW = 1_700_000_000_000;
const job = {
  id: 'j',
  name: 'Unit tests',
  startedAt: NOW - 134_000,
  command: { directive: 'npm test', number: 3, of: 7 },
};

describe('the headline', () => {
  const rows: [AgentStatus, string, string, string?][] = [
    [{ state: 'not-configured' }, 'Not set up yet', 'Connect this computer to your Semaphore organisation'],
    [
      { state: 'connecting', attempt: 2, problem: 'connection refused', nextTryAt: NOW + 4_000 },
      'Connecting to acme.example.com…',
      'Attempt 3, next try in 4 s · connection refused',
    ],
    [
      { state: 'idle', lastSyncAt: NOW - 3_000 },
      'Ready for jobs',
      'Connected as lap-42 to acme.example.com',
      'synced 3 s ago',
    ],
    [{ state: 'idle', lastSyncAt: NOW, lacks: 'no engine' }, 'Ready for jobs', 'No engine'],
    [{ state: 'running', job }, 'Running “Unit tests”', '2 min 14 s · command 3 of 7: npm test'],
    [
      { state: 'running', job: { ...job, command: { directive: '\nset -e\nmake\n', number: 1, of: 1 } } },
      'Running “Unit tests”',
      '2 min 14 s · command 1 of 1: set -e',
    ],
    [{ state: 'stopping', job, forcesAt: NOW + 8_000 }, 'Stopping “Unit tests”', 'Asked it to end; forcing in 8 s'],
    [{ state: 'stopping', job, forcesAt: NOW }, 'Stopping “Unit tests”', 'Ending what is left of it'],
    [{ state: 'pausing', job }, 'Pausing after “Unit tests”', 'No new job will start here'],
    [{ state: 'pausing' }, 'Pausing…', 'No new job will start here'],
    [{ state: 'paused' }, 'Paused by you', 'Semaphore sees this agent as disconnected'],
    [
      { state: 'needs-attention', cause: 'refused', problem: 'why' },
      'Semaphore refused this agent',
      'Why · check Settings → Connection',
    ],
    [
      { state: 'needs-attention', cause: 'token-refused', problem: 'why' },
      'The registration token was refused',
      'Check it in Settings → Connection',
    ],
    [{ state: 'pausing', job, disconnects: true }, 'Disconnecting after “Unit tests”', 'No new job will start here'],
    [{ state: 'stopped', reason: 'DISCONNECTED' }, 'Disconnected', 'Nothing runs here until you connect'],
    [
      { state: 'stopped', reason: 'REQUESTED' },
      'Disconnected',
      'Semaphore let this agent go · Nothing runs here until you connect',
    ],
  ];
  it.each(rows)('of %j', (status, first, second, age) => {
    const snapshot = snapshotSchema.parse({ version: 1, agentName: 'lap-42', endpoint: 'acme.example.com', status });
    expect(headline(snapshot, NOW)).toEqual({ first, second, ...(age ? { age } : {}) });
  });

  it('tells since when it is offline', () => {
    const status: AgentStatus = { state: 'offline', since: NOW, problem: 'no route to the host', job };
    const told = headline({ version: 1, agentName: '', endpoint: '', status }, NOW);
    expect(told.first).toMatch(/^Offline since \d\d:\d\d$/);
    expect(told.second).toBe('No route to the host · the running job goes on');
    expect(told.age).toBeUndefined();
  });

  it.each([
    [NOW + 20_000, 'next try in 20 s'],
    [0, 'trying now'],
  ])('tells of an agent that is offline when it tries again: %i', (nextAt, age) => {
    const status: AgentStatus = { state: 'offline', since: NOW, problem: 'p' };
    const sync = { lastAt: NOW - 60_000, nextAt };
    expect(headline({ version: 1, agentName: '', endpoint: '', status, sync }, NOW).age).toBe(age);
  });

  it.each([
    ['quit', 'Quitting after “Unit tests”', 'Signalbox quits when the job ends'],
    ['reconnect', 'Connecting anew after “Unit tests”', 'Your new settings apply when the job ends'],
  ] as const)('tells what comes behind the job: %s', (afterJob, first, second) => {
    const status: AgentStatus = { state: 'pausing', job, disconnects: true };
    expect(headline({ version: 1, agentName: '', endpoint: '', status, afterJob }, NOW)).toEqual({ first, second });
  });
});

describe('duration', () => {
  it.each([
    [400, '0 s'],
    [59_400, '59 s'],
    [134_000, '2 min 14 s'],
    [3_900_000, '1 h 5 min'],
    [-5, '0 s'],
  ])('%i ms', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
