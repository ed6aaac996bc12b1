import { describe, expect, it } from 'vitest';
import type { AgentSnapshot } from '../../../shared/agent-snapshot.ts';
import { StatusBoard } from './status-board.ts';

const told = (version: number): AgentSnapshot => ({
  version,
  agentName: 'a',
  endpoint: 'e',
  status: { state: 'idle', lastSyncAt: version },
});

describe('the status board', () => {
  it('counts on when a new agent begins to count again', () => {
    const board = new StatusBoard();
    const versions: number[] = [];
    board.onDidChange(({ version }) => versions.push(version));
    for (const version of [1, 2, 1, 2]) board.take(told(version));
    expect(versions).toEqual([1, 2, 3, 4]);
    expect(board.snapshot).toEqual({ ...told(2), version: 4 });
  });

  it('keeps a notice over what the agent tells, until it was read', () => {
    const board = new StatusBoard();
    board.setNotice('It crashed');
    board.take(told(1));
    expect(board.snapshot.notice?.text).toBe('It crashed');
    board.dismissNotice();
    board.take(told(2));
    expect(board.snapshot).toEqual({ ...told(2), version: 4 });
  });

  it('keeps what else is known when there is no agent', () => {
    const board = new StatusBoard();
    board.take(told(1));
    board.setStatus({ state: 'needs-attention', cause: 'crashed', problem: 'Connect it again' });
    expect(board.snapshot).toMatchObject({ agentName: 'a', status: { state: 'needs-attention' } });
  });
});
