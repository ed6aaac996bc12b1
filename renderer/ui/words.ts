// Made once: each costs as much as a hundred uses.
const WEEKDAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' });

const DAY_MS = 24 * 3_600_000;

/** `13:02`, `yesterday 18:40`, `Mon 18:40`, `12 Mar 18:40`, `12 Mar 2025`: when something was, as short as it can be said. */
export function dayAndTime(at: number, now: number): string {
  const date = new Date(at);
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days <= 0) return time;
  if (days === 1) return `yesterday ${time}`;
  if (days < 7) return `${WEEKDAY.format(date)} ${time}`;
  const day = DAY.format(date);
  return days < 300 ? `${day} ${time}` : `${day} ${date.getFullYear()}`;
}

/** To the second, for who wants to know exactly. */
export function exactTime(at: number): string {
  return EXACT.format(at);
}

/** `900 B`, `12 KB`, `3.4 MB`, `1.2 GB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `1 job`, `2 jobs`. */
export function counted(count: number, word: string): string {
  return `${count.toLocaleString('en-GB')} ${word}${count === 1 ? '' : 's'}`;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
