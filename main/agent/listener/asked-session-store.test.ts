import { expect, it } from 'vitest';
import { createAskedSessionStore } from './asked-session-store.ts';

const kept = { key: 'mine', name: 'agent', accessToken: 'secret', jobId: 'job' };

it('takes up what was kept for this agent, and nothing of another one', () => {
  const open = (key: string) =>
    createAskedSessionStore({ key, kept, keep: async () => null, onProblem: expect.unreachable });
  expect(open('mine').load()).toEqual(kept);
  expect(open('of another hub, name or token').load()).toBeUndefined();
});

it('goes on where nothing can be kept, and says so once, without the session', async () => {
  const problems: string[] = [];
  const keep = () => Promise.reject(new Error('secret'));
  const store = createAskedSessionStore({ key: 'mine', kept: null, keep, onProblem: (told) => problems.push(told) });
  await store.save(kept);
  await store.forget();
  expect(problems).toEqual(["The agent's session cannot be kept: after a crash its job will be reported late"]);
});
