import { describe, expect, it } from 'vitest';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import { ToldSnapshots } from './told-snapshots.ts';

const common = { agentName: 'a', endpoint: 'hub' };
const idle = (version: number, at: number): AgentSnapshot => ({
  ...common,
  version,
  status: { state: 'idle', lastSyncAt: at },
  sync: { lastAt: at, nextAt: at + 5_000 },
});
const stopped = (version: number): AgentSnapshot => ({
  ...common,
  version,
  status: { state: 'stopped', reason: 'DISCONNECTED' },
});

function told() {
  const versions: number[] = [];
  return { versions, snapshots: new ToldSnapshots(({ version }) => versions.push(version)) };
}

describe('snapshots that are told', () => {
  it('leave out what differs in the times of syncs alone, while nobody looks', () => {
    const { versions, snapshots } = told();
    for (const snapshot of [idle(1, 1_000), idle(2, 1_000), idle(3, 6_000)]) snapshots.take(snapshot);
    expect(versions).toEqual([1]);
    expect(snapshots.latest).toEqual(idle(3, 6_000));
  });

  it('are all of them while somebody looks, the newest at once', () => {
    const { versions, snapshots } = told();
    snapshots.watch(true);
    for (const snapshot of [idle(1, 1_000), idle(2, 6_000)]) snapshots.take(snapshot);
    snapshots.watch(false);
    snapshots.take(idle(3, 11_000));
    snapshots.watch(true);
    expect(versions).toEqual([1, 2, 3]);
  });

  it('have every change but that', () => {
    const { versions, snapshots } = told();
    const job = { id: '1', name: 'Build', startedAt: 2_000 };
    const running: AgentSnapshot = { ...idle(2, 1_000), status: { state: 'running', job } };
    const lacking: AgentSnapshot = { ...idle(4, 3_000), status: { state: 'idle', lastSyncAt: 3_000, lacks: 'bash' } };
    for (const snapshot of [idle(1, 1_000), running, idle(3, 3_000), lacking]) snapshots.take(snapshot);
    expect(versions).toEqual([1, 2, 3, 4]);
  });

  it('have what an agent that is away says again, which may answer a wish', () => {
    const { versions, snapshots } = told();
    for (const snapshot of [idle(1, 1_000), stopped(2), stopped(3)]) snapshots.take(snapshot);
    expect(versions).toEqual([1, 2, 3]);
  });
});
