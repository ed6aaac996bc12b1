import { describe, expect, it } from 'vitest';
import { NOT_STARTED, type SupervisionEvent, type SupervisionState, supervise } from './supervision.ts';

const MINUTE = 60_000;
type Given = SupervisionEvent | SupervisionEvent['kind'];

/** Goes through events from a state; tells where that ends, and the effects of all but the timers. */
function go(from: SupervisionState, ...events: readonly Given[]) {
  let state = from;
  let ms: number | undefined;
  const effects: string[] = [];
  for (const given of events) {
    const event = (typeof given === 'string' ? { kind: given } : given) as SupervisionEvent;
    const next = supervise(state, event);
    state = next.state;
    for (const effect of next.effects) {
      if (effect.kind === 'timer') ms = effect.ms;
      else effects.push(effect.kind);
    }
  }
  return { state, ms, effects };
}
const configured = (problem = ''): SupervisionEvent => ({ kind: 'configured', problem });
const exited = (minutes: number, lastError = ''): SupervisionEvent => ({
  kind: 'exited',
  at: minutes * MINUTE,
  lastError,
});
const UP: readonly Given[] = ['ready', configured()];
const running = go(NOT_STARTED, 'start', ...UP).state;

describe('the supervision of the agent', () => {
  it('starts it, waits for its first message, then for its answer to the settings', () => {
    expect(go(NOT_STARTED, 'start')).toMatchObject({ state: { phase: 'starting' }, ms: 20_000, effects: ['fork'] });
    expect(go(NOT_STARTED, 'start', 'ready')).toMatchObject({ ms: 15_000, effects: ['fork', 'configure'] });
    expect(go(NOT_STARTED, 'start', ...UP)).toMatchObject({
      state: { phase: 'running', beat: 'resting' },
      ms: 30_000,
      effects: ['fork', 'configure', 'tell-started'],
    });
  });

  it.each<[string, readonly Given[], string]>([
    ['is not ready', ['start', 'timer'], 'it was not ready after 20 s'],
    ['does not take its settings', ['start', 'ready', 'timer'], 'it did not take its settings within 15 s'],
    ['does not answer', ['start', ...UP, 'timer', 'timer', 'timer'], 'it did not answer for 15 s'],
  ])('ends one that %s, and starts it again', (_what, events, reason) => {
    const ended = go(NOT_STARTED, ...events);
    expect(ended.state).toMatchObject({ phase: 'ending', reason });
    expect(ended.effects.at(-1)).toBe('kill');
    expect(ended.ms).toBe(0);
    expect(go(ended.state, exited(0)).effects).toEqual(['tell-crashed', 'fork']);
    expect(supervise(ended.state, exited(0)).effects[0]).toMatchObject({ reason, isStartedAgain: true });
  });

  it('asks twice before it takes silence for an end', () => {
    expect(go(running, 'timer')).toMatchObject({ state: { beat: 'asked' }, ms: 5_000, effects: ['ask'] });
    expect(go(running, 'timer', 'timer')).toMatchObject({ state: { beat: 'asked-again' }, ms: 10_000 });
    expect(go(running, 'timer', 'timer', 'answered').state).toEqual(running);
  });

  it('counts nothing of what ran out while the machine slept', () => {
    expect(go(running, 'timer', 'timer', 'resumed')).toMatchObject({ state: { beat: 'asked' }, ms: 5_000 });
    expect(go(NOT_STARTED, 'start', 'resumed')).toMatchObject({ state: { phase: 'starting' }, ms: 20_000 });
    expect(go(NOT_STARTED, 'start', 'ready', 'resumed')).toMatchObject({ state: { phase: 'configuring' }, ms: 15_000 });
  });

  it('starts it three times in ten minutes, and again as the oldest crash is past', () => {
    const crashes = (...minutes: number[]) => go(running, ...minutes.flatMap((at) => [exited(at), ...UP]));
    expect(crashes(0, 1, 2).state.phase).toBe('running');
    const given = crashes(0, 1, 2, 3);
    expect(given.state.phase).toBe('off');
    expect(given.effects.slice(-2)).toEqual(['tell-crashed', 'give-up']);
    expect(crashes(0, 1, 2, 10).state.phase).toBe('running');
    expect(crashes(0, 1, 2, 10, 10.5).state.phase).toBe('off');
    expect(go(given.state, 'start').state.phase).toBe('starting');
  });

  it.each<[string, SupervisionState, string, string]>([
    ['the error it wrote', running, 'Error: no terminal', 'the last time: Error: no terminal'],
    ['why it was killed', go(NOT_STARTED, 'start', 'timer').state, '', 'the last time: it was not ready after 20 s'],
    ['that nothing is known', running, '', 'the agent log says why'],
    ['no more than fits', running, `Error: ${'x'.repeat(1_000)}`, `the last time: Error: ${'x'.repeat(153)}…`],
  ])('tells, when it is given up, %s', (_what, from, lastError, told) => {
    const { effects } = supervise({ ...from, restarts: [0, 0, 0] }, exited(0, lastError));
    expect(effects.at(-1)).toEqual({
      kind: 'give-up',
      cause: 'crashed',
      problem: `It crashed four times in ten minutes and stays down until you try again · ${told}`,
    });
  });

  it('does not start one again whose settings make no sense', () => {
    const ended = go(NOT_STARTED, 'start', 'ready', configured('endpoint is missing'));
    expect(ended).toMatchObject({ state: { phase: 'off' }, ms: 0 });
    expect(ended.effects.slice(-2)).toEqual(['kill', 'give-up']);
    expect(go(ended.state, exited(0))).toMatchObject({ state: { phase: 'off' }, effects: [] });
  });

  it('takes the end of one that was told to go for no crash', () => {
    const left = go(running, 'leave', 'timer', 'answered', 'resumed', exited(0));
    expect(left).toMatchObject({ state: { phase: 'off' }, ms: 0, effects: [] });
    expect(go(NOT_STARTED, 'leave').state).toEqual(NOT_STARTED);
  });

  it('passes over what comes too late', () => {
    for (const event of ['ready', 'answered', 'timer', 'resumed'] as const)
      expect(supervise(NOT_STARTED, { kind: event }).effects).toEqual([]);
    expect(go(running, 'start', 'ready', configured()).state).toEqual(running);
  });
});
