import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeVariables } from './variables.ts';

const encoded = (name: string, value: string) => ({ name, value: Buffer.from(value).toString('base64') });

describe('decodeVariables', () => {
  it('sorts by bytes, takes the later of two, and lets the agent win', () => {
    const decoded = decodeVariables(
      [encoded('alpha', 'a'), encoded('_U', 'u'), encoded('B', '1'), encoded('B', '2'), encoded('SHARED', 'job')],
      [{ name: 'SHARED', value: 'agent' }],
    );
    if (!decoded.ok) throw new Error('not decoded');
    expect(decoded.variables.map(({ name, value }) => `${name}=${Buffer.from(value).toString()}`)).toEqual([
      'B=2',
      'SHARED=agent',
      '_U=u',
      'alpha=a',
    ]);
  });

  it('names the variable that is no base64', () => {
    expect(decodeVariables([encoded('GOOD', 'x'), { name: 'BAD', value: '!' }], [])).toEqual({
      ok: false,
      badName: 'BAD',
    });
  });
});

describe('decodeBase64', () => {
  it.each([
    ['', ''],
    ['YQ==', 'a'],
    ['YWJj\r\nZGVm\n', 'abcdef'],
    ['Y\nQ=\n=', 'a'],
  ])('%j', (text, expected) => {
    expect(Buffer.from(decodeBase64(text) ?? 'refused').toString()).toBe(expected);
  });

  it.each(['YQ', 'YQ=', 'Y-_=', 'YQ== x', 'YQ==YQ==', '=', '!!'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
