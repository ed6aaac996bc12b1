import { afterEach, describe, expect, it } from 'vitest';
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

describe('a machine whose clock changes', () => {
  const zone = process.env.TZ;
  /** Node looks at the variable anew whenever it is set. */
  const move = (to: string) => {
    process.env.TZ = to;
  };
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const utc = (iso: string) => Date.parse(`${iso}Z`);
  const tomorrow = (now: number) => pauseFrom({ kind: 'until-tomorrow' }, now).until ?? 0;

  it.each([
    ['into summer, which takes an hour of the night', 'Europe/Berlin', '2026-03-28T22:30', '2026-03-29T06:00'],
    ['out of summer, which gives one', 'Europe/Berlin', '2026-10-24T21:30', '2026-10-25T07:00'],
    ['by half an hour, on the other side of the world', 'Australia/Lord_Howe', '2026-10-03T12:00', '2026-10-03T21:00'],
    ['at midnight, where a day has no 0 o’clock', 'Africa/Cairo', '2026-04-23T20:00', '2026-04-24T05:00'],
  ])('pauses until 8 in the morning: %s', (_how, place, now, until) => {
    move(place);
    expect(new Date(tomorrow(utc(now))).toISOString()).toBe(`${until}:00.000Z`);
    expect(new Date(tomorrow(utc(now))).getHours()).toBe(8);
  });

  it('pauses for as long as was said, whatever the clock on the wall does meanwhile', () => {
    move('Europe/Berlin');
    const before = utc('2026-03-29T00:30');
    expect(pauseFrom({ kind: 'for', minutes: 60 }, before).until).toBe(before + 3_600_000);
  });

  it('keeps the moment that was said when its owner travels', () => {
    move('Europe/Berlin');
    const pause = pauseFrom({ kind: 'until-tomorrow' }, utc('2026-11-29T19:00'));
    move('America/New_York');
    expect(new Date(pause.until ?? 0).toISOString()).toBe('2026-11-30T07:00:00.000Z');
    // What is asked for from then on is of the new place.
    expect(new Date(tomorrow(utc('2026-11-30T01:00'))).toISOString()).toBe('2026-11-30T13:00:00.000Z');
  });

  it.each([
    ['2026-03-29T00:30', '2026-03-29T05:00'],
    ['2026-03-29T01:30', '2026-03-29T05:00'],
    ['2026-03-29T05:00', undefined],
    ['2026-10-25T00:30', '2026-10-25T06:00'],
    ['2026-10-25T05:59', '2026-10-25T06:00'],
  ])('has its quiet hours by the clock on the wall: at %s until %s', (now, until) => {
    move('Europe/Berlin');
    expect(quietUntil('22:00-07:00', utc(now))).toBe(until && utc(until));
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
