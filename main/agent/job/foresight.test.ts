import { expect, it } from 'vitest';
import { SecretMask } from '../log/masking/secret-mask.ts';
import { createForesight } from './foresight.ts';

const command = (directive: string, alias = '') => ({ directive, alias });

it('calls commands as the log will call them, without secrets, and never longer than the log does', () => {
  const secret = 'a-secret-of-many-letters';
  const { nameOf, foresee, awaited } = createForesight(new SecretMask([Buffer.from(secret)]));
  expect(awaited()).toBeUndefined();
  // Cut before it is masked, the half of the secret would be left.
  const long = `${'x'.repeat(490)}${secret}`;
  foresee({
    awaited: [command('make', 'Build it'), command(`curl -u me:${secret}`), command(long)],
    skipped: 0,
  });
  const names = ['Build it', 'curl -u me:[masked]', `${'x'.repeat(490)}[masked]`];
  expect(awaited()).toEqual({ names, more: 0, skipped: 0 });
  expect(nameOf(command(`echo ${secret}`))).toBe('echo [masked]');
  foresee({ awaited: [command('y'.repeat(100_000))], skipped: 3 });
  expect(awaited()).toEqual({ names: ['y'.repeat(500)], more: 0, skipped: 3 });
});

it('names the next hundred commands and counts the others', () => {
  const { foresee, awaited } = createForesight(undefined);
  foresee({ awaited: Array.from({ length: 412 }, (_, n) => command(`command ${n}`)), skipped: 0 });
  expect(awaited()).toMatchObject({ more: 312 });
  expect(awaited()?.names).toHaveLength(100);
  expect(awaited()?.names.at(-1)).toBe('command 99');
});
