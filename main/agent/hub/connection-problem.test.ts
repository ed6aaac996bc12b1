import { describe, expect, it } from 'vitest';
import { connectionProblem } from './connection-problem.ts';
import { HubError, type HubErrorCode } from './hub-client.ts';

describe('why a hub could not be asked', () => {
  it.each<[HubErrorCode, number, RegExp, 'endpoint' | 'token' | undefined]>([
    ['refused', 401, /does not know this token.*Self-hosted agents/, 'token'],
    ['refused', 403, /does not know this token/, 'token'],
    ['refused', 404, /^The server at acme\.test does not answer as Semaphore does/, 'endpoint'],
    ['refused', 302, /not answer as Semaphore does/, 'endpoint'],
    ['garbage', 200, /not answer as Semaphore does/, 'endpoint'],
    ['refused', 429, /at the moment\. Try again in a minute/, undefined],
    ['refused', 503, /at the moment/, undefined],
    ['no-answer', 0, /^No answer from acme\.test\. Check the address, and this computer/, 'endpoint'],
  ])('%s %i', (code, status, problem, about) => {
    const told = connectionProblem(new HubError(code, 'the hub refused /metrics', status), 'acme.test');
    expect(told.problem).toMatch(problem);
    expect(told.about).toBe(about);
    // People are told what to do; how the two machines talk stands in the detail alone.
    expect(told.problem).not.toMatch(/\/metrics|\d{3}/);
    expect(told.detail).toBe('the hub refused /metrics');
  });
});
