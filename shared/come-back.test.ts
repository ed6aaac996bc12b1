import { expect, it } from 'vitest';
import type { AgentSnapshot, AgentStatus } from './agent-snapshot.ts';
import { comeBackLabel } from './come-back.ts';

const job = { id: 'j', name: 'Unit tests', startedAt: 0 };

it.each<[AgentStatus, Partial<AgentSnapshot>, string | undefined]>([
  [{ state: 'idle', lastSyncAt: 0 }, {}, undefined],
  [{ state: 'running', job }, {}, undefined],
  [{ state: 'paused' }, {}, 'Resume'],
  [{ state: 'stopped', reason: '' }, {}, 'Connect'],
  [{ state: 'needs-attention', cause: 'crashed', problem: 'p' }, {}, 'Try again'],
  [{ state: 'pausing', job }, {}, 'Cancel pause'],
  [{ state: 'pausing' }, {}, 'Resume'],
  [{ state: 'pausing', job, disconnects: true }, {}, 'Stay connected'],
  [{ state: 'pausing', job, disconnects: true }, { afterJob: 'quit' }, 'Don’t quit'],
  [{ state: 'pausing', job, disconnects: true }, { afterJob: 'reconnect' }, undefined],
  [{ state: 'pausing', job, disconnects: true }, { afterJob: 'reconnect', pause: { by: 'you' } }, 'Cancel pause'],
])('what brings back an agent that is %j with %j is called %s', (status, more, label) => {
  expect(comeBackLabel({ version: 1, agentName: 'a', endpoint: 'e', status, ...more })).toBe(label);
});
