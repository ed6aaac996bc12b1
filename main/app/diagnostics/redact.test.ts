import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('redact', () => {
  it.each([
    ['the token is s3cr3t-token, twice: s3cr3t-token', 'the token is [hidden], twice: [hidden]'],
    ['authorization: Token abcdef123', 'authorization: Token [hidden]'],
    ['Bearer eyJhbGciOi.J9-_x', 'Bearer [hidden]'],
    ['{"token":"abcdef123","name":"x"}', '{"token":"[hidden]","name":"x"}'],
    ['password = hunter22', 'password = [hidden]'],
    ['https://me:pass@example.com/a', 'https://[hidden]@example.com/a'],
    ['https://sts.example.com/a?X-Amz-Signature=1234 and more', 'https://sts.example.com/a?[hidden] and more'],
    ['/home/ada/ci/pre.sh', '~/ci/pre.sh'],
    ['a job called x failed', 'a job called x failed'],
  ])('%s', (text, expected) => {
    expect(redact(text, { secrets: ['s3cr3t-token', 'x'], home: '/home/ada' })).toBe(expected);
  });

  it('hides the longer of two secrets whole', () => {
    expect(redact('abcdef-longer', { secrets: ['abcdef', 'abcdef-longer'], home: '' })).toBe('[hidden]');
  });
});
