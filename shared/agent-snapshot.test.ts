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
    [{ state: 'idle', lastSyncAt: NOW, lacks: 'no engine' }, 'The last job needs your attention', 'No engine'],
    [{ state: 'running', job }, 'Running “Unit tests”', '2 min 14 s · command 3 of 7: npm test'],
    [{ state: 'stopping', job }, 'Stopping “Unit tests”', 'Asked it to end; what does not is killed'],
    [{ state: 'pausing', job }, 'Pausing after “Unit tests”', 'No new job will start here'],
    [{ state: 'pausing' }, 'Pausing…', 'No new job will start here'],
    [{ state: 'paused' }, 'Paused by you', 'Semaphore sees this agent as disconnected'],
    [{ state: 'needs-attention', cause: 'refused', problem: 'why' }, 'Semaphore refused this agent', 'Why'],
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
