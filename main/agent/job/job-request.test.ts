import { describe, expect, it } from 'vitest';
import { parseJobRequest } from './job-request.ts';

describe('parseJobRequest', () => {
  it('takes missing keys and null for empty, in lists too, and passes unknown keys by', () => {
    const parsed = parseJobRequest({ commands: [null, { directive: 'x' }], files: null, logger: {}, something: [1] });
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(parsed.request.commands).toEqual([
      { directive: '', alias: '' },
      { directive: 'x', alias: '' },
    ]);
    expect(parsed.request).toMatchObject({ files: [], executor: '', logger: { method: '', url: '' } });
    expect(parsed.request).not.toHaveProperty('something');
  });

  it('knows keys in capitals, and takes the exact one of two', () => {
    const parsed = parseJobRequest({ Commands: [{ DIRECTIVE: 'x' }], job_id: 'exact', JOB_ID: 'other' });
    expect(parsed.ok && parsed.request).toMatchObject({ commands: [{ directive: 'x' }], job_id: 'exact' });
  });

  it('makes a character of half a surrogate pair', () => {
    const parsed = parseJobRequest({ commands: [{ directive: 'echo \ud800' }] });
    expect(parsed.ok && parsed.request.commands[0]?.directive).toBe('echo \ufffd');
  });

  it.each([
    [{ commands: 'secret' }, 'commands: expected array'],
    [{ commands: ['secret'] }, 'commands[0]: expected object'],
    [{ commands: [{ directive: 5 }] }, 'commands[0].directive: expected string'],
    [{ env_vars: [{ name: 'A', value: 5 }] }, 'env_vars[0].value: expected string'],
    [{ compose: { containers: [{ env_vars: 'secret' }] } }, 'compose.containers[0].env_vars: expected array'],
    [{ logger: { method: 'secret' } }, 'logger.method: expected one of pull, push'],
    [{ logger: { max_size_in_bytes: 1.5 } }, 'logger.max_size_in_bytes: expected int'],
    ['secret', 'the request: expected object'],
    [null, 'the request: expected object'],
  ])('%j names the field, not its value', (input, problem) => {
    expect(parseJobRequest(input)).toMatchObject({ ok: false, problem });
  });
});
