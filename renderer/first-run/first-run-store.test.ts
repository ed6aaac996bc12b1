import { beforeEach, expect, it } from 'vitest';
import { missing, stepAfter, useFirstRun } from './first-run-store.ts';

const EMPTY = useFirstRun.getState();
beforeEach(() => useFirstRun.setState(EMPTY, true));

const KNOWN = {
  needed: true,
  endpoint: '',
  hasToken: false,
  noHttps: false,
  suggestedName: 'lap-42-signalbox',
  secretStore: 'system',
} as const;

it('asks for address and token first, and takes a token that main has', () => {
  const why = () => missing(useFirstRun.getState());
  expect(why()).toBe('The address of your organisation is missing');
  useFirstRun.setState({ endpoint: 'acme.semaphoreci.com' });
  expect(why()).toBe('The registration token is missing');
  useFirstRun.setState({ hasToken: true });
  expect(why()).toBeUndefined();
});

it.each([
  ['name', { name: 'short' }, 'A name has 8 to 80 characters; this one has 5'],
  ['name', { name: 'lap-42-signalbox' }, undefined],
  ['jobs', {}, 'Choose one of the two'],
  ['jobs', { jobs: 'containers-only' }, undefined],
  ['start', {}, undefined],
] as const)('at %s with %o', (step, given, why) => {
  useFirstRun.setState({ step, ...given });
  expect(missing(useFirstRun.getState())).toBe(why);
});

it('takes what main knows, and never over what was typed', () => {
  useFirstRun.getState().begin({ ...KNOWN, endpoint: 'saved.test' });
  expect(useFirstRun.getState()).toMatchObject({ endpoint: 'saved.test', name: 'lap-42-signalbox' });
  useFirstRun.setState({ endpoint: 'typed.test', name: 'a-name-of-mine' });
  useFirstRun.getState().begin({ ...KNOWN, endpoint: 'saved.test', hasToken: true });
  expect(useFirstRun.getState()).toMatchObject({ endpoint: 'typed.test', name: 'a-name-of-mine', hasToken: true });
});

it('goes forth and back and not beyond', () => {
  expect(stepAfter('connect', -1)).toBe('connect');
  expect(stepAfter('connect', 1)).toBe('name');
  expect(stepAfter('start', -1)).toBe('jobs');
  expect(stepAfter('start', 1)).toBe('start');
});
