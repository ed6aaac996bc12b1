import { describe, expect, it } from 'vitest';
import { pauseFrom, quietUntil } from './pause-form.ts';

const at = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute).getTime();

describe('a pause as it is asked for', () => {
  it.each([
    [{ kind: 'until-resumed' } as const, undefined],
    [{ kind: 'for', minutes: 30 } as const, at(5, 13, 30)],
    [{ kind: 'until-tomorrow' } as const, at(6, 8)],
    [{ kind: 'while-on-battery' } as const, undefined],
  ])('%j ends at %s', (form, until) => {
    expect(pauseFrom(form, at(5, 13)).until).toBe(until);
  });

  it('until tomorrow is the next morning shortly before midnight too', () => {
    expect(pauseFrom({ kind: 'until-tomorrow' }, at(5, 23, 59)).until).toBe(at(6, 8));
  });
});

describe('quiet hours', () => {
  it.each([
    ['22:00-07:00', at(5, 21, 59), undefined],
    ['22:00-07:00', at(5, 22), at(6, 7)],
    ['22:00-07:00', at(6, 6, 59), at(6, 7)],
    ['22:00-07:00', at(6, 7), undefined],
    ['12:00-13:00', at(5, 12, 30), at(5, 13)],
    ['12:00-13:00', at(5, 13), undefined],
    ['12:00-12:00', at(5, 12), undefined],
    ['', at(5, 12), undefined],
  ])('%s at %s end at %s', (hours, now, until) => {
    expect(quietUntil(hours, now)).toBe(until);
  });
});
