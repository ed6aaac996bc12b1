import { expect, it } from 'vitest';
import type { AgentSnapshot, AgentStatus } from '../../shared/agent-snapshot.ts';
import type { ListenerState } from './listener/listener-state.ts';
import { fresh } from './listener/transition-steps.ts';
import { FakeClock } from './platform/fake-clock.ts';
import { createSnapshotSource } from './snapshot.ts';

const job = { id: 'j', name: 'Unit tests', startedAt: 0 };

function source() {
  const clock = new FakeClock();
  const told: AgentSnapshot[] = [];
  const made = createSnapshotSource('hub', clock, (snapshot) => told.push(snapshot));
  const statusAfter = (state: ListenerState): AgentStatus | undefined => {
    made.onChange(state, 'a', 0);
    return told.at(-1)?.status;
  };
  return { clock, made, statusAfter };
}

it('tells when a job that is being stopped is forced to end, the same whatever else changes meanwhile', async () => {
  const { clock, made, statusAfter } = source();
  const connected = fresh(clock.monotonic());
  made.onProgress(job);
  statusAfter({ ...connected, work: { state: 'running-job', jobId: 'j' } });
  const stopping: ListenerState = { ...connected, work: { state: 'stopping-job', jobId: 'j' } };
  const forcesAt = clock.now() + 10_000;
  expect(statusAfter(stopping)).toEqual({ state: 'stopping', job, forcesAt });
  await clock.advance(3_000);
  expect(statusAfter({ ...stopping, sync: 'in-flight' })).toEqual({ state: 'stopping', job, forcesAt });
});

it.each([
  [401, 'token-refused'],
  [404, 'refused'],
  [422, 'refused'],
])('tells a token that is refused from the rest: %i', (status, cause) => {
  const { statusAfter } = source();
  expect(statusAfter({ phase: 'needs-attention', status, problem: 'p' })).toMatchObject({ cause, problem: 'p' });
});
