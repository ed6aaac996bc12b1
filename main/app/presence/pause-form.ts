import type { Pause, PauseForm } from '../../../shared/pause.ts';

/** When tomorrow begins for somebody who paused until then. */
const MORNING_HOUR = 8;

/**
 * A pause as it was asked for at `now`, in ms since the Unix epoch; days and hours are those of the machine's time zone. Its end
 * is a moment: whoever travels meanwhile sees it in the time of the new place.
 */
export function pauseFrom(form: PauseForm, now: number): Pause {
  switch (form.kind) {
    case 'until-resumed':
      return { by: 'you' };
    case 'for':
      return { by: 'you', until: now + form.minutes * 60_000 };
    case 'until-tomorrow': {
      const morning = new Date(now);
      morning.setDate(morning.getDate() + 1);
      return { by: 'you', until: morning.setHours(MORNING_HOUR, 0, 0, 0) };
    }
    case 'while-on-battery':
      return { by: 'you', whileOnBattery: true };
  }
}

/** The end of quiet hours (`22:00-07:00`) that hold at `now`, in ms since the Unix epoch; undefined outside of them. */
export function quietUntil(hours: string, now: number): number | undefined {
  const [, from = '', to = ''] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(hours) ?? [];
  if (from === to) return undefined;
  const at = (days: number, time: string) => {
    const moment = new Date(now);
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    moment.setDate(moment.getDate() + days);
    return moment.setHours(hour, minute, 0, 0);
  };
  // Hours over midnight began yesterday, or end tomorrow.
  const overMidnight = to < from ? 1 : 0;
  for (const day of [-overMidnight, 0]) {
    const end = at(day + overMidnight, to);
    if (now >= at(day, from) && now < end) return end;
  }
  return undefined;
}
